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
