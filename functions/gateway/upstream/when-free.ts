import { setTimeout } from 'node:timers/promises'
import { type ErrorKind, OcrError } from '../../contract/errors.ts'
import { backoffMs } from '../../platform/backoff.ts'

/** The model has no room, or is away; it may be there again before the time is over. */
const passing: ReadonlySet<ErrorKind> = new Set([
  'overloaded',
  'model_unavailable',
  'engine_unavailable',
  'not_ready',
])

/**
 * For a document that is in already, because the model has counted its pages, or because its sender has been told that
 * it will be read. It waits for its turn, where a new one would be sent away.
 * @throws what the work throws that does not pass; the signal's reason
 */
export async function whenTheModelIsFree<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof OcrError && passing.has(error.kind))) throw error
      // Longer each time, and not all at once: every try sends the whole file.
      const firstMs = 1000 * (error.retryAfterSeconds ?? 1)
      const waitMs = backoffMs({ retry: tries, firstMs, longestMs: 16 * firstMs })
      await setTimeout(waitMs, undefined, { signal }).catch(() => undefined)
      signal.throwIfAborted()
    }
  }
}
