interface Backoff {
  /** How often it was waited before; 0 for the first time. */
  readonly retry: number
  readonly firstMs: number
  readonly longestMs: number
}

/**
 * How long to wait before a retry, in milliseconds: twice as long each time, up to a bound. Between half of it and the
 * whole is left to chance, so that what failed together does not come back together.
 */
export function backoffMs({ retry, firstMs, longestMs }: Backoff): number {
  const wholeMs = Math.min(longestMs, firstMs * 2 ** retry)
  return (wholeMs * (1 + Math.random())) / 2
}
