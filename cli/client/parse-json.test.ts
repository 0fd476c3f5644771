import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseJson, requireShape } from './parse-json.ts'

describe('parseJson', () => {
  it('gives the value, and refuses what is no JSON', () => {
    assert.deepEqual(parseJson('[1]'), [1])
    assert.throws(() => parseJson('<html>'), { code: 'unexpected_answer' })
  })
})

describe('requireShape', () => {
  it('gives a value of the shape, and refuses another one with the message', () => {
    const value = {}
    assert.equal(
      requireShape(value, () => true, 'why'),
      value,
    )
    const refused = { code: 'unexpected_answer', message: 'why', status: undefined }
    assert.throws(() => requireShape(value, () => false, 'why'), refused)
  })
})
