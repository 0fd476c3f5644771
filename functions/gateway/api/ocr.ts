import { defaultFormat } from '../../contract/answer-formats.ts'
import {
  type AnswerRequest,
  parseAnswerRequest,
  requestNames,
} from '../../contract/answer-request.ts'
import { toOcrError } from '../../contract/errors.ts'
import type { Admission } from '../../platform/admission.ts'
import { type EdgeContext, logFailure } from '../../platform/http.ts'
import type { Log } from '../../platform/log.ts'
import type { Receiving } from '../../platform/receiving.ts'
import type { Access } from '../access/access.ts'
import { completeHeader } from '../answer/complete.ts'
import { digestOf, etagOf, isFinal, tagIn } from '../answer/etag.ts'
import { negotiate, type Wanted } from '../answer/negotiate.ts'
import { renderings } from '../answer/render.ts'
import { serverTiming } from '../answer/server-timing.ts'
import { streamBody, streamLines } from '../answer/stream.ts'
import type { Events } from '../events/events.ts'
import { mayHoldValues, type ReadSubmission } from '../intake/submission.ts'
import { valuesOf } from '../intake/values.ts'
import type { ModelFacts } from '../model-facts.ts'
import { problemOf } from '../problem.ts'
import { type Reading, type Recognize, wholeOf } from '../recognize.ts'
import type { Call } from '../upstream/call.ts'
import { startCall } from './call.ts'
import { enter, ownerOf } from './enter.ts'
import { answerLater } from './results.ts'

export interface OcrHandlerOptions {
  readonly log: Log
  readonly access: Access
  readonly admission: Admission
  readonly receiving: Receiving
  readonly recognize: Recognize
  readonly modelFacts: ModelFacts
  readonly events: Events
  /** Whether callers must show a key. */
  readonly needsKey: boolean
  readonly maxUploadBytes: number
  readonly requestTimeoutMs: number
  /** Of the gateway. */
  readonly version: string
}

/** Where one of the routes differs from the other. */
interface Route {
  readonly read: ReadSubmission
  /** Field of a form that holds the file. */
  readonly fileField: string
  /** Whether the header `Accept` may choose the format. */
  readonly isNegotiated: boolean
}

/**
 * Reads a document: who asks, what is asked, the file, a place to work, and the answer. All that can be refused by the
 * headers is, before the body is read.
 */
export function createOcrHandler(
  options: OcrHandlerOptions,
  route: Route,
): (c: EdgeContext) => Promise<Response> {
  const { log, access, recognize, modelFacts, events, requestTimeoutMs, version } = options
  const receive = createReceive(options, route)
  const deliveryOf = (c: EdgeContext, told: Wanted, { headers }: Call) =>
    events.deliveries.open({
      told,
      owner: ownerOf(c, options.needsKey),
      requestId: c.var.requestId,
      headers,
    })

  return async (c) => {
    const start = performance.now()
    using held = new DisposableStack()
    const call = held.use(startCall(c, requestTimeoutMs))
    held.use(await enter(c, access))
    const { file, wanted } = await receive(c, held)
    const request = { image: file, options: wanted.options, withPdf: wanted.format === 'pdf' }
    const isDelivered = wanted.notify || wanted.async
    const delivery = isDelivered ? held.use(deliveryOf(c, wanted, call)) : undefined
    if (wanted.async && delivery) {
      return answerLater(
        c,
        delivery.detach((ownCall) => recognize(request, ownCall), held.move()),
      )
    }
    const reading = () => {
      const read = recognize(request, call)
      return delivery?.notify(read) ?? read
    }
    if (wanted.format === 'ndjson') {
      return await answerInLines(c, { reading: reading(), wanted, held, log, signal: call.signal })
    }
    const source = { digest: digestOf(file), wanted, version }
    // Whoever is to be notified is, even of what the caller has.
    const known = delivery ? undefined : c.req.header('if-none-match')
    const etag = await tagIn(known, source, () => modelFacts.engineFor(wanted.options.lang, call))
    if (etag) return c.body(null, 304, { ETag: etag })
    const result = await wholeOf(reading())
    return c.body(renderings[wanted.format](result, wanted), 200, {
      'Content-Type': wanted.contentType,
      'Server-Timing': serverTiming(result.timings, performance.now() - start),
      [completeHeader]: String(result.document.complete),
      ...(isFinal(result.document) && { ETag: await etagOf(source, result.document.engine) }),
    })
  }
}

interface Received {
  readonly file: Uint8Array
  readonly wanted: Wanted
}

/** Takes in what is sent, and then a place to work on it; the request holds both. */
function createReceive(
  { admission, receiving, events, maxUploadBytes }: OcrHandlerOptions,
  { read, fileField, isNegotiated }: Route,
): (c: EdgeContext, held: DisposableStack) => Promise<Received> {
  const rules = { fileField, optionNames: requestNames, maxFileBytes: maxUploadBytes }

  const wantedBy = (c: EdgeContext, request: AnswerRequest): Wanted => {
    const format = request.format ?? (isNegotiated ? undefined : defaultFormat)
    const wanted = { ...request, ...negotiate(format, c.req.header('accept')) }
    events.deliveries.require(wanted)
    return wanted
  }

  return async (c, held) => {
    if (isNegotiated) c.header('Vary', 'Accept')
    const query = valuesOf(new URL(c.req.url).searchParams)
    const early = parseAnswerRequest(query)
    events.deliveries.require(early)
    // A body that holds options may still choose the format.
    if (!mayHoldValues(c.req.raw)) wantedBy(c, early)
    admission.requireRoom()
    const meter = held.use(receiving.open())
    const { file, values } = await read(c.req.raw, rules, meter)
    held.use(admission.admit())
    return { file, wanted: wantedBy(c, parseAnswerRequest({ ...query, ...values })) }
  }
}

interface Lines {
  readonly reading: Reading
  readonly wanted: Wanted
  /** What the request holds, until its last line. */
  readonly held: DisposableStack
  readonly log: Log
  readonly signal: AbortSignal
}

/** What fails before the first line has a status of its own. */
async function answerInLines(c: EdgeContext, answer: Lines): Promise<Response> {
  const { reading, wanted, held, log, signal } = answer
  const first = await reading.next()
  const toProblem = (thrown: unknown) => {
    const error = toOcrError(thrown)
    logFailure(log, c.var.requestId, error)
    return problemOf(error, c.var.requestId)
  }
  const lines = streamLines({ first, reading, told: wanted, toProblem })
  const kept = held.move()
  const body = streamBody(lines, { signal, onEnd: () => kept.dispose() })
  return c.body(body, 200, { 'Content-Type': wanted.contentType })
}
