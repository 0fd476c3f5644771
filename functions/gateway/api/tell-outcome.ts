import type { ReadHeader } from '../../platform/access-log.ts'
import type { Admission } from '../../platform/admission.ts'
import type { EdgeContext } from '../../platform/http.ts'
import type { Events } from '../events/events.ts'
import type { EventMode } from '../events/incoming-event.ts'
import type { Outcome } from '../events/outcome.ts'
import { writeEvent } from '../events/outgoing-event.ts'

/** What is to be told, and how. */
interface Told {
  readonly outcome: Outcome
  /** Of the event that is answered, and so of the answer. */
  readonly mode: EventMode
  readonly signal: AbortSignal
}

export type TellOutcome = (c: EdgeContext, told: Told) => Promise<Response>

interface TellOptions {
  readonly admission: Pick<Admission, 'admit'>
  readonly events: Pick<Events, 'rules' | 'sendResult'>
}

/**
 * Tells what came of an event: by the answer, or to the sink. An answer without an event has no body, since a broker
 * takes any other for a failure.
 * @throws OcrError the outcome's own, where the status tells it
 */
export function createTellOutcome({ admission, events }: TellOptions): TellOutcome {
  const { rules, sendResult } = events

  /** Nothing does where nobody is there to hear of a document that was read. */
  const tellerOf = ({ error }: Outcome, header: ReadHeader) => {
    if (error && rules.eventFailures === 'dead-letter') return 'status'
    if (rules.eventReplies === 'always' || wantsReply(header)) return 'reply'
    if (sendResult) return 'sink'
    return error ? 'status' : undefined
  }

  return async (c, { outcome, mode, signal }) => {
    const { error, event } = outcome
    const teller = tellerOf(outcome, (name) => c.req.header(name))
    if (error) c.set('errorKind', error.kind)
    if (error && teller === 'status') throw error
    if (teller === 'reply') {
      const { body, headers } = await writeEvent(event, mode)
      return c.body(body, 200, headers)
    }
    if (teller === 'sink') {
      using _place = admission.admit(c.var.caller)
      await sendResult?.(event, signal)
    }
    // Not 200, which has an event for its body; brokers take both for done.
    return c.body(null, 202)
  }
}

/** `Prefer: reply`, as brokers send it (RFC 7240, 2; Knative Eventing, data plane). */
const wantsReply = (header: ReadHeader): boolean =>
  (header('prefer') ?? '').split(',').some((preference) => /^\s*reply\s*(?:;|$)/i.test(preference))
