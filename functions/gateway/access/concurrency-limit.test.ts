import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createConcurrencyLimit } from './concurrency-limit.ts'

describe('concurrency limit', () => {
  it('lets each caller have as many requests at once as are allowed', () => {
    const concurrency = createConcurrencyLimit({ limit: 2 })
    concurrency.enter('alice')
    concurrency.enter('alice')
    assert.throws(() => concurrency.enter('alice'), {
      kind: 'rate_limited',
      retryAfterSeconds: 1,
      message: 'More than 2 requests at once are not allowed; wait until one is answered.',
    })
    concurrency.enter('bob')
  })

  it('lets the next one in when one has ended, however often that is said', () => {
    const concurrency = createConcurrencyLimit({ limit: 1 })
    const place = concurrency.enter('alice')
    place[Symbol.dispose]()
    concurrency.enter('alice')
    place[Symbol.dispose]()
    assert.throws(() => concurrency.enter('alice'), { kind: 'rate_limited' })
  })

  it('forgets callers that have no request under way, also after a refusal', () => {
    const concurrency = createConcurrencyLimit({ limit: 1 })
    const places = ['alice', 'bob'].map((caller) => concurrency.enter(caller))
    assert.throws(() => concurrency.enter('bob'))
    assert.equal(concurrency.callers, 2)
    for (const place of places) place[Symbol.dispose]()
    assert.equal(concurrency.callers, 0)
  })
})
