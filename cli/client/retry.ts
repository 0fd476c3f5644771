import { OcrApiError } from './api-error.ts'

/** What a caller is told before a failed call is made again. */
export interface Retry {
  readonly error: OcrApiError
  /** 1 for the first one. */
  readonly attempt: number
  readonly waitMs: number
}

interface RetryOptions {
  /** Attempts after the first one. */
  readonly retries: number
  readonly signal: AbortSignal
  /** As `performance.now()` has it; there is no wait that goes beyond. */
  readonly endsAt: number
  readonly onRetry?: ((retry: Retry) => void) | undefined
}

export const firstWaitMs = 250
export const maxWaitMs = 8_000
/** Who is told to come back later than this is told so by the error, and decides himself. */
export const maxRetryAfterSeconds = 60
/** Of a gateway that is not there: one that is away for longer than a moment is a matter for people. */
export const maxUnreachableRetries = 2

/**
 * Milliseconds to wait before the next attempt: as long as the gateway says, and a time that doubles with each one.
 * Half of that is by chance, which keeps callers apart that failed together.
 * @param attempt 1 for the first one after the failure
 * @returns undefined when the same call would fail again, or only much later would not
 */
export function waitBefore(
  error: unknown,
  attempt: number,
  random: () => number = Math.random,
): number | undefined {
  if (!(error instanceof OcrApiError) || !isTransient(error)) return undefined
  if (error.code === 'unreachable' && attempt > maxUnreachableRetries) return undefined
  const { retryAfterSeconds = 0 } = error
  if (retryAfterSeconds > maxRetryAfterSeconds) return undefined
  const backOffMs = Math.min(maxWaitMs, firstWaitMs * 2 ** (attempt - 1))
  return Math.round(retryAfterSeconds * 1_000 + backOffMs * (0.5 + random() / 2))
}

/** Reading a file changes nothing, so that a call may be made again whether or not it had begun. */
const isTransient = ({ code, status }: OcrApiError): boolean =>
  status === 429 || status === 503 || code === 'unreachable' || code === 'connection_lost'

/** Makes a call until it succeeds, cannot succeed, or has been made often or long enough. */
export async function withRetries<T>(call: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call()
    } catch (error) {
      const waitMs = attempt > options.retries ? undefined : waitBefore(error, attempt)
      if (waitMs === undefined || performance.now() + waitMs > options.endsAt) throw error
      if (error instanceof OcrApiError) options.onRetry?.({ error, attempt, waitMs })
      await wait(waitMs, options.signal)
    }
  }
}

/** @throws the reason of the signal, as soon as it is aborted */
function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    signal.addEventListener('abort', stop, { once: true })
  })
}
