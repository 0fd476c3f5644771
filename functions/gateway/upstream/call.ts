import { createDeadline } from '../../platform/deadline.ts'

/** What goes with a call of the model. */
export interface Call {
  /** Request id and trace context to pass on. */
  readonly headers: Readonly<Record<string, string>>
  /** Ends the call, and every wait in it: with the deadline, or when the client is gone. */
  readonly signal: AbortSignal
  /** `performance.now()` by which the answer is needed. */
  readonly deadlineAt: number
  /** Is told when the call is made a second time. */
  readonly onRetry?: () => void
}

interface CallOptions extends Pick<Call, 'headers'> {
  /** What is limited in time, for the message: "The request". */
  readonly what: string
  readonly timeoutMs: number
  /** Ends it as well. */
  readonly signal: AbortSignal
}

/** What goes with all calls for one piece of work; dispose of it when the work is over. */
export function callWithin({ what, timeoutMs, headers, signal }: CallOptions): Call & Disposable {
  const deadline = createDeadline(what, timeoutMs, signal)
  return {
    headers,
    signal: deadline.signal,
    deadlineAt: performance.now() + timeoutMs,
    [Symbol.dispose]: () => deadline[Symbol.dispose](),
  }
}
