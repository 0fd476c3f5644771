/** What goes with a call of the model. */
export interface Call {
  /** Request id and trace context to pass on. */
  readonly headers: Readonly<Record<string, string>>
  /** Ends the call, and every wait in it: with the deadline, or when the client is gone. */
  readonly signal: AbortSignal
  /** `performance.now()` by which the answer is needed. */
  readonly deadlineAt: number
}

/**
 * Waits for work that may not notice the abort by itself, such as a request that has no connection yet.
 * @throws the signal's reason
 */
export async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(signal.reason)
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
