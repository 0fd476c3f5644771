import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { retryAfterSeconds } from './retry-after.ts'

const httpDate = (inSeconds: number) => new Date(Date.now() + 1_000 * inSeconds).toUTCString()

describe('retryAfterSeconds', () => {
  for (const [value, expected] of [
    ['7', 7],
    ['3600', 3_600],
    ['3601', 3_600],
    ['99999999999999999999', 3_600],
    ['0', undefined],
    ['-5', undefined],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
    [['1', '2'], undefined],
    [httpDate(-60), undefined],
    [httpDate(100_000), 3_600],
  ] as const) {
    it(`takes ${JSON.stringify(value)} for ${expected}`, () => {
      assert.equal(retryAfterSeconds(value), expected)
    })
  }

  it('counts the seconds to a date', () => {
    const seconds = retryAfterSeconds(httpDate(120)) ?? 0
    assert.ok(seconds > 110 && seconds <= 120, `${seconds}`)
  })
})
