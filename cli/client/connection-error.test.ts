import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { connectionError } from './connection-error.ts'

const failed = (code: string) =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('why'), { code }) })
const origin = 'http://host'

describe('connectionError', () => {
  for (const [code, isAnswered, expected] of [
    ['ECONNREFUSED', false, 'unreachable'],
    ['ENOTFOUND', false, 'unreachable'],
    ['UND_ERR_CONNECT_TIMEOUT', false, 'unreachable'],
    ['ECONNRESET', false, 'connection_lost'],
    ['UND_ERR_SOCKET', false, 'connection_lost'],
    ['UND_ERR_SOCKET', true, 'connection_lost'],
  ] as const) {
    it(`takes ${code} ${isAnswered ? 'within' : 'before'} an answer for ${expected}`, () => {
      const error = connectionError(failed(code), { origin, isAnswered })
      assert.equal(error.code, expected)
      assert.match(error.message, new RegExp(`http://host .*\\(${code}\\)`))
    })
  }

  it('does without a code, as outside of Node', () => {
    const { message } = connectionError(new TypeError('x'), { origin, isAnswered: false })
    assert.equal(message, 'http://host cannot be reached.')
  })
})
