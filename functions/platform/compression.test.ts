import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compress, decompress, encodingNamed, encodings } from './compression.ts'

const text = Buffer.from('0123456789')
const limit = text.length

describe('compression', () => {
  for (const encoding of encodings) {
    it(`takes off what it puts on, up to exactly the limit (${encoding})`, async () => {
      const bytes = await compress(text, encoding)
      assert.deepEqual(Buffer.from(await decompress(bytes, encoding, limit)), text)
      await assert.rejects(decompress(bytes, encoding, limit - 1), { kind: 'payload_too_large' })
    })

    for (const [problem, spoil] of Object.entries({
      damaged: () => Buffer.from('this is not compressed'),
      'cut off': (bytes: Uint8Array) => bytes.subarray(0, -6),
    })) {
      it(`refuses ${encoding} that is ${problem}`, async () => {
        const bytes = spoil(await compress(text, encoding))
        await assert.rejects(decompress(bytes, encoding, limit), { kind: 'invalid_request' })
      })
    }
  }

  it('takes several gzip members, and nothing after deflate', async () => {
    const members = [await compress(text, 'gzip'), await compress(text, 'gzip')]
    const both = await decompress(Buffer.concat(members), 'gzip', 2 * limit)
    assert.equal(both.length, 2 * limit)
    const followed = Buffer.concat([await compress(text, 'deflate'), text])
    await assert.rejects(decompress(followed, 'deflate', limit), { kind: 'invalid_request' })
  })

  it('knows its encodings and no inherited name', () => {
    assert.equal(encodingNamed('gzip'), 'gzip')
    assert.equal(encodingNamed('br'), undefined)
    assert.equal(encodingNamed('toString'), undefined)
  })
})
