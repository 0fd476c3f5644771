import { OcrError, toOcrError } from '../../contract/errors.ts'
import type { ReadHeader } from '../../platform/access-log.ts'
import type { Admission } from '../../platform/admission.ts'
import type { EdgeContext } from '../../platform/http.ts'
import { observeStep } from '../../platform/observed-step.ts'
import type { Receiving } from '../../platform/receiving.ts'
import { type Tracing, traceIdOf } from '../../platform/telemetry/tracing.ts'
import type { Access } from '../access/access.ts'
import type { EventAttributes } from '../events/attributes.ts'
import { causeOf, startWork } from '../events/cause.ts'
import type { Events } from '../events/events.ts'
import { type EventMode, modeOf, readEvent } from '../events/incoming-event.ts'
import { bytesOf, isPermanent, type Outcome } from '../events/outcome.ts'
import { writeEvent } from '../events/outgoing-event.ts'
import { readSubmitted } from '../events/submitted.ts'
import type { EventOutcome, GatewayMeter } from '../meter.ts'
import { type Call, callWithin } from '../upstream/call.ts'
import { startCall } from './call.ts'
import { enter } from './enter.ts'

export interface EventsHandlerOptions extends Pick<GatewayMeter, 'onEvent'> {
  readonly tracing: Tracing
  readonly access: Access
  readonly admission: Admission
  readonly receiving: Receiving
  readonly events: Events
  readonly maxUploadBytes: number
  readonly requestTimeoutMs: number
}

/** What is to be told, and how. */
interface Told {
  readonly outcome: Outcome
  readonly mode: EventMode
  readonly signal: AbortSignal
}

interface Answered {
  readonly response: Response
  /** Why the document can never be read. */
  readonly error: OcrError | undefined
}

/**
 * Reads the document of an event (CloudEvents 1.0 over HTTP). The result is the answer, or goes to the sink; an answer
 * without an event has no body, since a broker takes any other for a failure.
 */
export function createEventsHandler(
  options: EventsHandlerOptions,
): (c: EdgeContext) => Promise<Response> {
  const { tracing, access, admission, receiving, onEvent } = options
  const { maxUploadBytes, requestTimeoutMs } = options
  const { rules, settle, once, sendResult } = options.events
  const check = ({ type }: EventAttributes) => {
    if (type === rules.eventType) return
    const message = `Only events of the type ${rules.eventType} are read here; a Trigger can filter by it.`
    throw new OcrError('invalid_request', message)
  }

  /** What tells an outcome; nothing does where nobody is there to hear of a document that was read. */
  const tellerOf = ({ error }: Outcome, header: ReadHeader) => {
    if (error && rules.eventFailures === 'dead-letter') return 'status'
    if (rules.eventReplies === 'always' || wantsReply(header)) return 'reply'
    if (sendResult) return 'sink'
    return error ? 'status' : undefined
  }

  const tell = async (c: EdgeContext, told: Told): Promise<Response> => {
    const { error, event } = told.outcome
    const teller = tellerOf(told.outcome, (name) => c.req.header(name))
    if (error) c.set('errorKind', error.kind)
    if (error && teller === 'status') throw error
    if (teller === 'reply') {
      const { body, headers } = await writeEvent(event, told.mode)
      return c.body(body, 200, headers)
    }
    if (teller === 'sink') {
      using _place = admission.admit(c.var.caller)
      await sendResult?.(event, told.signal)
    }
    // Not 200, which has an event for its body; brokers take both for done.
    return c.body(null, 202)
  }

  const answer = async (c: EdgeContext, held: DisposableStack, call: Call): Promise<Answered> => {
    const mode = modeOf(c.req.raw.headers)
    c.set('facts', { mode })
    // Of events without keys nobody is known as the caller, which is a broker for everybody.
    admission.requireRoom(c.var.caller)
    const body = held.use(new DisposableStack())
    const meter = body.use(receiving.open())
    const reading = { mode, maxFileBytes: maxUploadBytes, meter, check }
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
        const outcome = await settle(submitted, cause, settling, meter)
        return { value: outcome, bytes: bytesOf(outcome), isFinal: outcome.isFinal }
      })
      const response = await tell(c, { outcome, mode, signal: call.signal })
      return { response, error: outcome.error }
    })
  }

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

/** `Prefer: reply`, as brokers send it (RFC 7240, 2; Knative Eventing, data plane). */
const wantsReply = (header: ReadHeader): boolean =>
  (header('prefer') ?? '').split(',').some((preference) => /^\s*reply\s*(?:;|$)/i.test(preference))
