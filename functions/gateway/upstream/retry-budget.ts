/** In tenths of a retry, because 0.1 has no exact sum. */
const retryCost = 10
const mostHeld = 10 * retryCost
/** So that the very first calls may be sent again as well. */
const heldAtFirst = 3 * retryCost

export interface RetryBudget {
  /** Every call adds a tenth of a retry, up to ten retries. */
  addCall(): void
  /** Whether one more retry may be made; then it is paid for. */
  takeRetry(): boolean
}

/** A token bucket: in the long run there is one retry in ten calls, however many of them fail. */
export function createRetryBudget(): RetryBudget {
  let held = heldAtFirst
  return {
    addCall() {
      held = Math.min(mostHeld, held + 1)
    },
    takeRetry() {
      if (held < retryCost) return false
      held -= retryCost
      return true
    },
  }
}
