import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeBase64 } from './base64.ts'

const hexOf = (text: string) => {
  const bytes = decodeBase64(text)
  return bytes && Buffer.from(bytes).toString('hex')
}

describe('decodeBase64', () => {
  for (const [what, text, hex] of [
    ['nothing', '', ''],
    ['a byte', 'QQ==', '41'],
    ['two bytes', 'QUI=', '4142'],
    ['three bytes', 'QUJD', '414243'],
    ['text without padding', 'QUJDRA', '41424344'],
    ['both special digits', 'QU+/', '414fbf'],
    ['the digits that stand for them in URLs', 'QU-_', '414fbf'],
    ['line breaks of Unix', 'QU\nJD\n', '414243'],
    ['line breaks of mail', 'QU\r\nJD\r\n', '414243'],
  ] as const) {
    it(`reads ${what}`, () => assert.equal(hexOf(text), hex))
  }

  it('reads every byte there is', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
    assert.deepEqual(
      hexOf(Buffer.from(bytes).toString('base64')),
      Buffer.from(bytes).toString('hex'),
    )
  })

  it('does not hold everybody up over a text of line breaks, which no encoder writes', () => {
    assert.equal(decodeBase64('A\n'.repeat(5_000_000)), undefined)
    const lines = Buffer.alloc(57 * 1000)
      .toString('base64')
      .replace(/.{76}/g, '$&\r\n')
    assert.equal(decodeBase64(lines)?.length, 57 * 1000)
  })

  for (const [what, text] of [
    ['a single digit', 'Q'],
    ['a digit too many', 'QUJDR'],
    ['a space', 'QU JD'],
    ['a carriage return on its own', 'QU\rJD'],
    ['another sign', 'QU!D'],
    ['a letter that is no digit', 'QUJé'],
    ['padding in the middle', 'QQ==QUJD'],
    ['two texts in a row', 'QQ==QQ=='],
    ['padding without digits', '===='],
    ['a data URL', 'data:image/png;base64,QUJD'],
  ] as const) {
    it(`refuses ${what}`, () => assert.equal(hexOf(text), undefined))
  }
})
