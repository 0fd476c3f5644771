import { randomUUID } from 'node:crypto'
import type { AnswerRequest } from '../../contract/answer-request.ts'
import { invalid, OcrError, toOcrError } from '../../contract/errors.ts'
import type { OcrResult } from '../../contract/ocr-tensors.ts'
import { type Log, logFailure } from '../../platform/log.ts'
import { observeStep } from '../../platform/observed-step.ts'
import type { Tracing } from '../../platform/telemetry/tracing.ts'
import type { Told } from '../answer/detail.ts'
import { type Reading, wholeOf } from '../recognize.ts'
import { type Call, callWithin } from '../upstream/call.ts'
import { whenTheModelIsFree } from '../upstream/when-free.ts'
import type { Found, Once } from './once.ts'
import { bytesOf, isPermanent, type Outcome, outcomeOf } from './outcome.ts'
import type { Place } from './outgoing-event.ts'
import type { ResultEvents } from './result-event.ts'

/** Of one request, whose result is to be sent to the sink; dispose of it when there is none. */
export interface Delivery extends Disposable {
  /** The same reading, with its result sent as well when it is there. */
  notify(reading: Reading): Reading
  /**
   * Reads although nobody waits, in a time of its own.
   * @param held what it needs until it has read
   * @returns the id by which the result can be found
   */
  detach(read: (call: Call) => Reading, held: Disposable): string
}

export interface Deliveries {
  /**
   * For a request that asks for it, as far as is known what it asks for.
   * @throws OcrError `invalid_request` without a sink, or for another format than an event has
   */
  require(request: Partial<Pick<AnswerRequest, 'notify' | 'async' | 'format'>>): void
  /** @throws OcrError `invalid_request` without a sink, `overloaded`, `not_ready` */
  open(request: DeliveredRequest): Delivery
  /** The result of a request of the same owner that did not wait, by its id. */
  find(owner: string | undefined, id: string): Found<Outcome> | undefined
}

interface DeliveredRequest {
  readonly told: Told
  /** Who may look at the result: the name of a key; none where everybody may call. */
  readonly owner: string | undefined
  readonly requestId: string
  readonly headers: Call['headers']
}

interface DeliveriesOptions {
  readonly log: Log
  readonly tracing: Tracing
  readonly resultEvents: ResultEvents
  readonly once: Once<Outcome>
  /** Undefined without a sink. */
  readonly reserve: ((caller?: string) => Place) | undefined
  /** Of the events that are made here. */
  readonly source: string
  /** For a document that nobody waits for. */
  readonly timeoutMs: number
}

/** Apart from the keys of events, which callers choose. */
const resultKey = (owner: string | undefined, id: string): string =>
  `result:${JSON.stringify([owner, id])}`

/** Sends results of requests to the sink of this service. */
export function createDeliveries(options: DeliveriesOptions): Deliveries {
  const { reserve, once } = options
  return {
    open(request) {
      if (!reserve) throw noSink()
      const promised = promise(options, request, reserve(request.owner))
      return {
        notify: (reading) => notify(promised, reading),
        detach: (read, held) => detach(options, promised, read, held),
        [Symbol.dispose]: () => promised.place[Symbol.dispose](),
      }
    },
    find: (owner, id) => once.find(resultKey(owner, id)),
    require({ notify, async, format }) {
      if (!notify && !async) return
      if (!reserve) throw noSink()
      if (!async || format === undefined || format === 'json') return
      invalid('With async the result is JSON; leave out format, and let Accept allow JSON.')
    },
  }
}

/** The event that a request will have, whatever becomes of it. */
interface Promised {
  readonly id: string
  readonly request: DeliveredRequest
  readonly place: Place
  recognized(result: OcrResult): ReturnType<ResultEvents['recognized']>
  failed(error: OcrError): ReturnType<ResultEvents['failed']>
}

function promise(
  { resultEvents, source }: DeliveriesOptions,
  request: DeliveredRequest,
  place: Place,
): Promised {
  const { 'x-request-id': _, ...trace } = request.headers
  const id = randomUUID()
  const cause = { source, id, extensions: { ...trace, correlationid: request.requestId } }
  return {
    id,
    request,
    place,
    recognized: (result) => resultEvents.recognized(cause, result, request.told),
    failed: (error) => resultEvents.failed(cause, error),
  }
}

async function* notify({ place, recognized, failed }: Promised, reading: Reading): Reading {
  try {
    const result = yield* reading
    place.send(await recognized(result))
    return result
  } catch (thrown) {
    const error = toOcrError(thrown)
    // After any other one the caller sends the document again.
    if (isPermanent(error)) place.send(failed(error))
    throw error
  }
}

function detach(
  { log, tracing, once, timeoutMs }: DeliveriesOptions,
  { id, request, place, recognized, failed }: Promised,
  read: (call: Call) => Reading,
  held: Disposable,
): string {
  const { owner, requestId } = request
  const resources = new DisposableStack()
  resources.use(place)
  resources.use(held)
  // It goes on when the request, in whose trace it is, has been answered.
  const span = tracing.start('read document later', { parent: request.headers })
  const headers = { ...request.headers, ...span.headers }
  const { signal } = place
  const call = resources.use(callWithin({ what: 'The document', timeoutMs, headers, signal }))
  const work = async () => {
    const outcome = await outcomeOf({
      async read() {
        const result = await whenTheModelIsFree(() => wholeOf(read(call)), call.signal)
        return { event: await recognized(result), isFinal: true }
      },
      failed,
      onError: (error) => logFailure(log, requestId, error),
      isLast: () => true,
    })
    place.send(outcome.event)
    // Whatever it is, it is what became of this request.
    return { value: outcome, bytes: bytesOf(outcome), isFinal: true }
  }
  const errorIn = ({ error }: Outcome) => error?.kind
  const { signal: never } = new AbortController()
  observeStep({ span, errorIn }, () => once.run(resultKey(owner, id), never, work))
    .catch((thrown) => logFailure(log, requestId, toOcrError(thrown)))
    .finally(() => resources.dispose())
  return id
}

const noSink = (): OcrError =>
  new OcrError(
    'invalid_request',
    'There is no sink for results here (K_SINK); leave out notify and async.',
  )
