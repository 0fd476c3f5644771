import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { createRateLimit } from './rate-limit.ts'

const stopClock = (t: TestContext) => t.mock.timers.enable({ apis: ['setTimeout', 'Date'] })

describe('rate limit', () => {
  it('lets as many requests in as are allowed, and tells the next when to come again', async (t) => {
    stopClock(t)
    const rate = createRateLimit({ perMinute: 2 })
    await rate.count('alice')
    t.mock.timers.tick(20_500)
    await rate.count('alice')
    await assert.rejects(rate.count('alice'), {
      kind: 'rate_limited',
      retryAfterSeconds: 40,
      message: 'More than 2 requests within a minute are not allowed; send it again later.',
    })
    await rate.count('bob')
  })

  it('begins anew a minute after the first request, however often was asked meanwhile', async (t) => {
    stopClock(t)
    const rate = createRateLimit({ perMinute: 1 })
    await rate.count('alice')
    t.mock.timers.tick(59_999)
    await assert.rejects(rate.count('alice'), { retryAfterSeconds: 1 })
    t.mock.timers.tick(1)
    await rate.count('alice')
    await assert.rejects(rate.count('alice'), { retryAfterSeconds: 60 })
  })

  it('counts requests that come at the same moment', async () => {
    const rate = createRateLimit({ perMinute: 3 })
    const counts = await Promise.allSettled(Array.from({ length: 5 }, () => rate.count('alice')))
    assert.equal(counts.filter(({ status }) => status === 'fulfilled').length, 3)
  })

  it('gives nobody more when there are too many callers, and those it knows no less', async (t) => {
    stopClock(t)
    const rate = createRateLimit({ perMinute: 2, maxCallers: 1 })
    await rate.count('alice')
    await rate.count('bob')
    await rate.count('bob')
    await assert.rejects(rate.count('bob'), { kind: 'rate_limited' })
    await rate.count('alice')
    await assert.rejects(rate.count('alice'), { kind: 'rate_limited' })
  })

  it('has a counter for newcomers again when others have been away for a minute', async (t) => {
    stopClock(t)
    const consume = t.mock.method(RateLimiterMemory.prototype, 'consume')
    const lastCounter = () => consume.mock.calls.at(-1)?.arguments[0]
    const rate = createRateLimit({ perMinute: 1, maxCallers: 1 })
    await rate.count('alice')
    await rate.count('bob')
    assert.match(String(lastCounter()), /^shared \d+$/)
    t.mock.timers.tick(60_000)
    await rate.count('bob')
    assert.equal(lastCounter(), 'bob')
  })

  it('has at most 14,096 counters for 100,000 callers', async (t) => {
    stopClock(t)
    const consume = t.mock.method(RateLimiterMemory.prototype, 'consume')
    const rate = createRateLimit({ perMinute: 1_000_000 })
    const callers = Array.from({ length: 100_000 }, (_, index) => `2001:db8:0:${index}::/64`)
    await Promise.all(callers.map((caller) => rate.count(caller)))
    const counters = new Set(consume.mock.calls.map((call) => call.arguments[0]))
    assert.ok(counters.size > 14_000 && counters.size <= 14_096, String(counters.size))
  })
})
