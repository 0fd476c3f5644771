import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createRetryBudget, type RetryBudget } from './retry-budget.ts'

function takeAll(budget: RetryBudget): number {
  let taken = 0
  while (budget.takeRetry()) taken++
  return taken
}

describe('the retry budget', () => {
  it('has three retries before the first call', () => {
    assert.equal(takeAll(createRetryBudget()), 3)
  })

  it('has one more retry after ten calls, and none after nine', () => {
    const budget = createRetryBudget()
    takeAll(budget)
    for (let call = 0; call < 9; call++) budget.addCall()
    assert.equal(budget.takeRetry(), false)
    budget.addCall()
    assert.equal(budget.takeRetry(), true)
    assert.equal(budget.takeRetry(), false)
  })

  it('holds ten retries at most, however many calls there were', () => {
    const budget = createRetryBudget()
    for (let call = 0; call < 1_000; call++) budget.addCall()
    assert.equal(takeAll(budget), 10)
  })

  it('allows a retry in ten calls when all of them want one', () => {
    const budget = createRetryBudget()
    let retries = 0
    for (let call = 0; call < 10_000; call++) {
      budget.addCall()
      if (budget.takeRetry()) retries++
    }
    assert.equal(retries, 1_003)
  })
})
