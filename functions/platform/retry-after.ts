/** Nobody waits longer for an answer. */
const longestWaitSeconds = 3_600

/**
 * Whole seconds out of a `Retry-After`, which has seconds or a date (RFC 9110, 10.2.3); undefined without one.
 * @param value of the header, as a client of HTTP gives it
 */
export function retryAfterSeconds(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1_000
  return seconds > 0 ? Math.min(longestWaitSeconds, Math.ceil(seconds)) : undefined
}
