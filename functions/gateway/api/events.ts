import { invalid, type OcrError, toOcrError } from '../../contract/errors.ts'
import type { Admission } from '../../platform/admission.ts'
import type { EdgeContext } from '../../platform/http.ts'
import { observeStep } from '../../platform/observed-step.ts'
import type { Receiving } from '../../platform/receiving.ts'
import { type Tracing, traceIdOf } from '../../platform/telemetry/tracing.ts'
import type { Access } from '../access/access.ts'
import type { EventAttributes } from '../events/attributes.ts'
import { causeOf, startWork } from '../events/cause.ts'
import type { Events } from '../events/events.ts'
import { modeOf, readEvent } from '../events/incoming-event.ts'
import { bytesOf, isPermanent } from '../events/outcome.ts'
import { readSubmitted } from '../events/submitted.ts'
import type { EventOutcome, GatewayMeter } from '../meter.ts'
import { type Call, callWithin } from '../upstream/call.ts'
import { enter, startCall } from './enter.ts'
import { createTellOutcome } from './tell-outcome.ts'

export interface EventsHandlerOptions extends Pick<GatewayMeter, 'onEvent'> {
  readonly tracing: Tracing
  readonly access: Access
  readonly admission: Admission
  readonly receiving: Receiving
  readonly events: Events
  readonly maxUploadBytes: number
  readonly requestTimeoutMs: number
}

interface Answered {
  readonly response: Response
  /** Why the document can never be read. */
  readonly error: OcrError | undefined
}

/** Reads the document of an event (CloudEvents 1.0 over HTTP), once for the same event, and tells what came of it. */
export function createEventsHandler(
  options: EventsHandlerOptions,
): (c: EdgeContext) => Promise<Response> {
  const { access, onEvent, requestTimeoutMs } = options
  const { rules } = options.events
  const answer = createAnswer(options)

  return async (c) => {
    using held = new DisposableStack()
    const call = held.use(startCall(c, requestTimeoutMs))
    if (rules.events === 'keys') held.use(await enter(c, access))
    const end = (outcome: EventOutcome) => {
      onEvent(outcome)
      c.set('facts', { ...c.var.facts, outcome })
    }
    try {
      const { response, error } = await answer(c, held, call)
      end(error ? 'failed' : 'recognized')
      return response
    } catch (thrown) {
      end(isPermanent(toOcrError(thrown)) ? 'failed' : 'retried')
      throw thrown
    }
  }
}

/** Answers what the document of an event comes to. */
function createAnswer(options: EventsHandlerOptions) {
  const { tracing, admission, receiving, maxUploadBytes, requestTimeoutMs } = options
  const { rules, settle, once } = options.events
  const tell = createTellOutcome(options)
  const requireType = ({ type }: EventAttributes) => {
    if (type === rules.eventType) return
    invalid(`Only events of the type ${rules.eventType} are read here; a Trigger can filter by it.`)
  }

  return async (c: EdgeContext, held: DisposableStack, call: Call): Promise<Answered> => {
    const mode = modeOf(c.req.raw.headers)
    c.set('facts', { mode })
    // Of events without keys nobody is known as the caller, which is a broker for everybody.
    admission.requireRoom(c.var.caller)
    const body = held.use(new DisposableStack())
    const memory = body.use(receiving.open(c.var.caller))
    const reading = { mode, maxFileBytes: maxUploadBytes, memory, check: requireType }
    const event = await readEvent(c.req.raw, reading)

    const span = startWork(tracing, event.attributes, c.var.trace)
    const errorIn = ({ error }: Answered) => error?.kind
    return observeStep({ span, errorIn }, async () => {
      const submitted = readSubmitted(event, maxUploadBytes)
      // The work is in the trace of the event, which need not be that of the request.
      const traceId = traceIdOf(span.headers)
      c.set('facts', { mode, document: submitted.document.type, traceId })
      const cause = causeOf(event.attributes, span.headers)
      const headers = { 'x-request-id': c.var.requestId, ...span.headers }
      const key = `event:${JSON.stringify([c.var.caller, cause.source, cause.id])}`
      const outcome = await once.run(key, call.signal, async (signal) => {
        using _body = body.move()
        using _place = admission.admit(c.var.caller)
        // A time of its own: others may wait for it when the first one no longer does.
        const limits = { what: 'The request', timeoutMs: requestTimeoutMs, headers, signal }
        using settling = callWithin(limits)
        const outcome = await settle(submitted, cause, settling, memory)
        return { value: outcome, bytes: bytesOf(outcome), isFinal: outcome.isFinal }
      })
      const response = await tell(c, { outcome, mode, signal: call.signal })
      return { response, error: outcome.error }
    })
  }
}
