import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { backoffMs } from './backoff.ts'

const longestMs = 10_000

const many = (retry: number) =>
  Array.from({ length: 200 }, () => backoffMs({ retry, firstMs: 200, longestMs }))

describe('backoffMs', () => {
  it('doubles, with up to a half left to chance', () => {
    for (const [retry, whole] of [200, 400, 800, 1_600, 3_200].entries()) {
      const waits = many(retry)
      assert.ok(waits.every((ms) => ms >= whole / 2 && ms <= whole))
      assert.ok(new Set(waits).size > 100)
    }
  })

  it('stays within its bound however often it is asked', () => {
    for (const retry of [6, 20, 5_000]) {
      assert.ok(many(retry).every((ms) => ms >= longestMs / 2 && ms <= longestMs))
    }
  })
})
