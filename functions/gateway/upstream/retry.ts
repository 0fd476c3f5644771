import { setTimeout as sleep } from 'node:timers/promises'
import type { Call } from './call.ts'
import type { RetryBudget } from './retry-budget.ts'
import { NotTakenError } from './upstream-error.ts'

const leastWaitMs = 50
const mostWaitMs = 150

interface RetryOptions {
  readonly budget: RetryBudget
  /** Asked after the wait: whether the model is worth another attempt. */
  readonly isWorthwhile: () => boolean
}

/**
 * Makes one attempt, and a second one if the model did not take the first up, the budget allows it and
 * there is time.
 * @throws what the last attempt threw; or the signal's reason
 */
export async function withRetry<T>(
  { signal, deadlineAt, onRetry }: Omit<Call, 'headers'>,
  attempt: () => Promise<T>,
  { budget, isWorthwhile }: RetryOptions,
): Promise<T> {
  budget.addCall()
  try {
    return await attempt()
  } catch (error) {
    if (!(error instanceof NotTakenError) || signal.aborted) throw error
    // Jitter, so that calls that failed together do not come back together.
    const waitMs = leastWaitMs + Math.random() * (mostWaitMs - leastWaitMs)
    if (performance.now() + waitMs >= deadlineAt || !budget.takeRetry()) throw error
    await sleep(waitMs, undefined, { signal }).catch(() => signal.throwIfAborted())
    if (!isWorthwhile()) throw error
    onRetry?.()
    return attempt()
  }
}
