import { setTimeout } from 'node:timers/promises'
import { type ErrorKind, OcrError } from '../../contract/errors.ts'

/** The model has no room, or is away; it may be there again before the time is over. */
const passing: ReadonlySet<ErrorKind> = new Set([
  'overloaded',
  'model_unavailable',
  'engine_unavailable',
  'not_ready',
])
const mostDoublings = 4

/**
 * For a document that is in already: of which the model has seen the pages, or whose sender does not wait. It waits for
 * its turn, where a new one would be sent away.
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
      const seconds = (error.retryAfterSeconds ?? 1) * 2 ** Math.min(tries, mostDoublings)
      const waitMs = 1000 * seconds * (0.5 + Math.random() / 2)
      await setTimeout(waitMs, undefined, { signal }).catch(() => undefined)
      signal.throwIfAborted()
    }
  }
}
