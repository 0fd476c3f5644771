import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { OcrApiError } from './api-error.ts'
import {
  firstWaitMs,
  maxRetryAfterSeconds,
  maxUnreachableRetries,
  maxWaitMs,
  waitBefore,
  withRetries,
} from './retry.ts'

const busy = (retryAfterSeconds?: number) =>
  new OcrApiError('overloaded', 'Wait.', { status: 429, retryAfterSeconds })
const [least, most] = [() => 0, () => 1]

describe('waitBefore', () => {
  it('doubles with each attempt, up to a bound, half of it by chance', () => {
    const waits = [1, 2, 3, 20].map((attempt) => waitBefore(busy(), attempt, most))
    assert.deepEqual(waits, [firstWaitMs, 2 * firstWaitMs, 4 * firstWaitMs, maxWaitMs])
    assert.equal(waitBefore(busy(), 2, least), firstWaitMs)
  })

  it('is never less than what the gateway says', () => {
    assert.equal(waitBefore(busy(3), 1, least), 3_000 + firstWaitMs / 2)
  })

  it('takes what the gateway says up to a bound, beyond which there is no other attempt', () => {
    assert.ok(waitBefore(busy(maxRetryAfterSeconds), 1))
    assert.equal(waitBefore(busy(maxRetryAfterSeconds + 1), 1), undefined)
  })

  for (const [code, status, isRetried] of [
    ['rate_limited', 429, true],
    ['not_ready', 503, true],
    ['unexpected_answer', 503, true],
    ['unreachable', undefined, true],
    ['connection_lost', undefined, true],
    ['timed_out', undefined, false],
    ['unexpected_answer', undefined, false],
    ['unauthorized', 401, false],
    ['internal', 500, false],
  ] as const) {
    it(`is ${isRetried ? 'some' : 'not'} for ${code} (${status})`, () => {
      const error = new OcrApiError(code, '', { status })
      assert.equal(waitBefore(error, 1) !== undefined, isRetried)
    })
  }

  it('is for a gateway that is not there a few times only', () => {
    const gone = new OcrApiError('unreachable', 'Nobody there.')
    assert.ok(waitBefore(gone, maxUnreachableRetries))
    assert.equal(waitBefore(gone, maxUnreachableRetries + 1), undefined)
  })

  it('is not for what is no failure of the API', () => {
    assert.equal(waitBefore(new Error('bug'), 1), undefined)
  })
})

describe('withRetries', () => {
  const { signal } = new AbortController()
  const endsAt = Number.POSITIVE_INFINITY

  for (const retries of [0, 1]) {
    it(`makes a call that fails ${retries + 1} times with ${retries} retries`, async () => {
      let calls = 0
      const call = async () => {
        calls++
        throw busy()
      }
      await assert.rejects(withRetries(call, { retries, signal, endsAt }), { code: 'overloaded' })
      assert.equal(calls, retries + 1)
    })
  }
})
