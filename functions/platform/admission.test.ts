import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createAdmission } from './admission.ts'

describe('admission', () => {
  it('admits up to the limit and refuses the next with a time to retry', () => {
    const admission = createAdmission({ limit: 2 })
    admission.admit()
    admission.admit()
    assert.throws(() => admission.admit(), { kind: 'overloaded', retryAfterSeconds: 1 })
    assert.equal(admission.admitted, 2)
  })

  it('says whether there is room without taking it', () => {
    const admission = createAdmission({ limit: 1 })
    admission.requireRoom()
    admission.requireRoom()
    assert.equal(admission.admitted, 0)
    admission.admit()
    assert.throws(() => admission.requireRoom(), { kind: 'overloaded', retryAfterSeconds: 1 })
  })

  it('refuses in the words that it was given', () => {
    const refusal = { kind: 'rate_limited', message: 'One at a time.' } as const
    const admission = createAdmission({ limit: 1, refusal })
    admission.admit()
    assert.throws(() => admission.admit(), { ...refusal, retryAfterSeconds: 1 })
  })

  it('has a place again once one was given back, however often that is said', () => {
    const admission = createAdmission({ limit: 1 })
    const place = admission.admit()
    place[Symbol.dispose]()
    place[Symbol.dispose]()
    assert.equal(admission.admitted, 0)
    admission.admit()
    assert.throws(() => admission.admit(), { kind: 'overloaded' })
  })

  it('asks callers to wait for about as long as requests took lately', () => {
    let now = 0
    const admission = createAdmission({ limit: 1, now: () => now })
    for (let request = 0; request < 100; request++) {
      const place = admission.admit()
      now += 7_500
      place[Symbol.dispose]()
    }
    admission.admit()
    assert.throws(() => admission.admit(), { retryAfterSeconds: 8 })
  })
})
