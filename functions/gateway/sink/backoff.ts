/** As Knative's brokers begin. */
const firstMs = 200
/** The longest wait that a sink did not ask for. */
export const longestBackoffMs = 10_000

/**
 * How long to wait before a retry, in milliseconds: twice as long each time, up to a bound. Between half of it and the
 * whole is left to chance, so that events that failed together do not come back together.
 * @param retry 0 for the first one
 */
export function backoffMs(retry: number): number {
  const wholeMs = Math.min(longestBackoffMs, firstMs * 2 ** retry)
  return (wholeMs * (1 + Math.random())) / 2
}
