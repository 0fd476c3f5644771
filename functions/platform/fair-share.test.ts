import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createFairShare } from './fair-share.ts'

describe('a limited amount that callers share', () => {
  it('is there up to its limit for whoever has no name', () => {
    const share = createFairShare(10)
    assert.equal(share.allows(undefined, 10), true)
    assert.equal(share.allows(undefined, 11), false)
    share.take(undefined, 10)
    assert.deepEqual([share.taken, share.allows(undefined, 1)], [10, false])
  })

  it('goes to a caller alone up to eight of nine parts', () => {
    const share = createFairShare(9)
    for (let count = 0; count < 8; count++) {
      assert.equal(share.allows('alice', 1), true)
      share.take('alice', 1)
    }
    assert.deepEqual([share.allows('alice', 1), share.allows('bob', 1)], [false, true])
  })

  it('leaves a caller the less the more others have', () => {
    const share = createFairShare(90)
    share.take('bob', 80)
    share.take('alice', 9)
    assert.equal(share.allows('alice', 1), false)
    share.take('bob', -1)
    assert.equal(share.allows('alice', 1), true)
  })

  it('does not count against a request what it has itself', () => {
    const share = createFairShare(10)
    share.take('alice', 9)
    assert.deepEqual([share.allows('alice', 1), share.allows('alice', 1, 9)], [false, true])
  })

  it('is whole again when all is given back', () => {
    const share = createFairShare(1)
    share.take('alice', 1)
    share.take('alice', -1)
    assert.deepEqual([share.taken, share.allows('alice', 1)], [0, true])
  })
})
