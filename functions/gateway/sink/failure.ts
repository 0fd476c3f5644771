import { OcrError } from '../../contract/errors.ts'
import { retryAfterSeconds } from '../../platform/retry-after.ts'

/** Why an attempt to deliver an event failed. */
export interface Failure {
  /** For the log. */
  readonly cause: unknown
  /** Whether the sink would say the same to another attempt. */
  readonly isFinal: boolean
  /** How long the sink asks to wait, up to a bound. */
  readonly retryAfterMs: number
}

/** Where Knative's brokers try again as well, and 425 (RFC 8470). 404: the sink may be about to be made. */
const passingStatuses: ReadonlySet<number> = new Set([404, 408, 409, 425, 429])

/** The failure that an answer's status tells; undefined if the event was taken. */
export function failureIn(status: number, retryAfter: unknown): Failure | undefined {
  if (status >= 200 && status < 300) return undefined
  return {
    cause: new Error(`The sink answered ${status}`),
    isFinal: status < 500 && !passingStatuses.has(status),
    retryAfterMs: Math.min(longestRetryAfterMs, 1_000 * (retryAfterSeconds(retryAfter) ?? 0)),
  }
}

/** The failure of an attempt that got no answer. */
export const unanswered = (cause: unknown): Failure => ({
  cause,
  isFinal: false,
  retryAfterMs: 0,
})

/** No sink holds a delivery up for longer between two attempts. */
export const longestRetryAfterMs = 30_000

/** Passing even if the sink refused for good: then it is the sink that is to be mended, and the event is to be kept. */
export function undeliverable({ cause, isFinal, retryAfterMs }: Failure): OcrError {
  const message = isFinal
    ? 'The receiver of the results refuses this one; its log says why.'
    : 'The receiver of the results does not take them now; send the request again later.'
  const retryAfterSeconds = Math.max(1, Math.ceil(retryAfterMs / 1_000))
  return new OcrError('sink_unavailable', message, { cause, retryAfterSeconds })
}
