import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { failureIn, longestRetryAfterMs, unanswered, undeliverable } from './failure.ts'

const isFinal = (status: number) => failureIn(status, undefined)?.isFinal

describe('failureIn', () => {
  it('finds none in 2xx', () => {
    for (const status of [200, 202, 204, 299]) assert.equal(failureIn(status, '1'), undefined)
  })

  it('finds a passing one where a broker would try again', () => {
    for (const status of [404, 408, 409, 425, 429, 500, 501, 502, 503, 504, 599]) {
      assert.equal(isFinal(status), false, String(status))
    }
  })

  it('finds a final one in every other status', () => {
    for (const status of [
      300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 405, 410, 413, 415, 422,
    ]) {
      assert.equal(isFinal(status), true, String(status))
    }
  })

  it('names the status for the log', () => {
    assert.match(String(failureIn(418, undefined)?.cause), /answered 418/)
  })

  const askedMs = (retryAfter: unknown) => failureIn(503, retryAfter)?.retryAfterMs ?? Number.NaN

  it('has the wait that is asked for in seconds, up to the bound', () => {
    assert.equal(askedMs('0'), 0)
    assert.equal(askedMs('7'), 7_000)
    assert.equal(askedMs('30'), longestRetryAfterMs)
    assert.equal(askedMs('31'), longestRetryAfterMs)
    assert.equal(askedMs('9'.repeat(400)), longestRetryAfterMs)
  })

  it('has the wait until a date that is asked for, up to the bound, and none until one that has passed', () => {
    const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toUTCString()
    const wait = askedMs(inSeconds(20))
    assert.ok(wait > 10_000 && wait <= 20_000, String(wait))
    assert.equal(askedMs(inSeconds(3_600)), longestRetryAfterMs)
    assert.equal(askedMs(inSeconds(-20)), 0)
  })

  it('has no wait where none is asked for in a way that it understands', () => {
    for (const value of [undefined, '', 'soon', '-5', '1e3', ['1', '2']])
      assert.equal(askedMs(value), 0)
  })
})

describe('undeliverable', () => {
  it('is passing after a final failure too, and keeps its cause from the client', () => {
    for (const failure of [
      failureIn(400, undefined),
      failureIn(503, '5'),
      unanswered(new Error('x')),
    ]) {
      assert.ok(failure)
      const error = undeliverable(failure)
      assert.equal(error.kind, 'sink_unavailable')
      assert.equal(error.cause, failure.cause)
      assert.doesNotMatch(error.message, /\d/)
    }
  })

  it('asks the caller to wait as long as the sink does, and at least a second', () => {
    const seconds = (retryAfter?: string) => {
      const failure = failureIn(429, retryAfter)
      return failure && undeliverable(failure).retryAfterSeconds
    }
    assert.deepEqual([seconds(), seconds('0'), seconds('5'), seconds('500')], [1, 1, 5, 30])
  })
})
