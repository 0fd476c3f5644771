import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { presentedKey } from './presented-key.ts'

const keyIn = (headers: Record<string, string>): string =>
  presentedKey((name) => headers[name.toLowerCase()])

describe('presentedKey', () => {
  it('takes the key from either header, and from both when they agree', () => {
    assert.equal(keyIn({ authorization: 'Bearer secret' }), 'secret')
    assert.equal(keyIn({ 'x-api-key': 'secret' }), 'secret')
    assert.equal(keyIn({ authorization: 'bearer  secret ', 'x-api-key': ' secret' }), 'secret')
  })

  it('leaves credentials of another scheme to whom they are for', () => {
    assert.equal(keyIn({ authorization: 'Basic YTpi', 'x-api-key': 'secret' }), 'secret')
  })

  for (const headers of [
    {},
    { authorization: 'Bearer' },
    { authorization: 'Bearer ', 'x-api-key': ' ' },
    { authorization: 'Basic YTpi' },
    { authorization: 'secret' },
    { authorization: 'Bearersecret' },
  ]) {
    it(`says how a key is sent where there is none: ${JSON.stringify(headers)}`, () => {
      assert.throws(() => keyIn(headers), {
        kind: 'unauthorized',
        message: 'A key is needed: send it as "Authorization: Bearer KEY" or as "X-API-Key: KEY".',
      })
    })
  }

  it('does not choose between two keys', () => {
    assert.throws(() => keyIn({ authorization: 'Bearer one', 'x-api-key': 'other' }), {
      kind: 'unauthorized',
      message: 'Authorization and X-API-Key hold different keys; send one of them.',
    })
  })
})
