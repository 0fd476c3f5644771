import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { OcrError } from '../../contract/errors.ts'
import { aCall } from './fixtures/fake-model.ts'
import { withRetry } from './retry.ts'
import { createRetryBudget } from './retry-budget.ts'
import { NotTakenError } from './upstream-error.ts'

const notTaken = new NotTakenError('model_unavailable', 'Not there.')

/** Attempts that throw what they are told, and then give a number. */
function attempts(...errors: Error[]) {
  const made = { count: 0 }
  const attempt = async () => {
    const error = errors[made.count++]
    if (error) throw error
    return made.count
  }
  return { made, attempt }
}

const options = () => ({ budget: createRetryBudget(), isWorthwhile: () => true })

describe('withRetry', () => {
  it('makes one attempt when it succeeds', async () => {
    const { made, attempt } = attempts()
    assert.equal(await withRetry(aCall(), attempt, options()), 1)
    assert.equal(made.count, 1)
  })

  it('makes a second attempt when the model did not take the first up', async () => {
    const { attempt } = attempts(notTaken)
    assert.equal(await withRetry(aCall(), attempt, options()), 2)
  })

  it('tells of a second attempt, and of none that is not made', async () => {
    let retries = 0
    const call = aCall({ onRetry: () => void retries++ })
    await withRetry(call, attempts().attempt, options())
    const hopeless = { ...options(), isWorthwhile: () => false }
    await assert.rejects(withRetry(call, attempts(notTaken).attempt, hopeless), notTaken)
    assert.equal(retries, 0)
    await withRetry(call, attempts(notTaken).attempt, options())
    assert.equal(retries, 1)
  })

  it('makes no third attempt', async () => {
    const second = new NotTakenError('not_ready', 'Stopping.')
    const { made, attempt } = attempts(notTaken, second)
    await assert.rejects(withRetry(aCall(), attempt, options()), second)
    assert.equal(made.count, 2)
  })

  it('does not repeat what the model took up', async () => {
    const error = new OcrError('model_unavailable', 'Broke off.')
    const { made, attempt } = attempts(error)
    await assert.rejects(withRetry(aCall(), attempt, options()), error)
    assert.equal(made.count, 1)
  })

  it('does not retry beyond the budget', async () => {
    const shared = options()
    while (shared.budget.takeRetry());
    const { made, attempt } = attempts(notTaken)
    await assert.rejects(withRetry(aCall(), attempt, shared), notTaken)
    assert.equal(made.count, 1)
  })

  it('does not retry when the deadline is nearer than the wait, and pays nothing then', async () => {
    const shared = options()
    const { made, attempt } = attempts(notTaken)
    const call = aCall({ deadlineAt: performance.now() + 45 })
    await assert.rejects(withRetry(call, attempt, shared), notTaken)
    assert.equal(made.count, 1)
    assert.ok([1, 2, 3].every(() => shared.budget.takeRetry()))
  })

  it('does not retry when it is not worthwhile after the wait', async () => {
    const { made, attempt } = attempts(notTaken)
    const call = withRetry(aCall(), attempt, { ...options(), isWorthwhile: () => false })
    await assert.rejects(call, notTaken)
    assert.equal(made.count, 1)
  })

  it('ends with the reason of the signal when it aborts during the wait', async () => {
    const controller = new AbortController()
    const { made, attempt } = attempts(notTaken)
    const call = withRetry(aCall({ signal: controller.signal }), attempt, options())
    const reason = new OcrError('client_gone', 'Gone.')
    setImmediate(() => controller.abort(reason))
    await assert.rejects(call, reason)
    assert.equal(made.count, 1)
  })
})
