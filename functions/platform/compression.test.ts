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
      'followed by something': (bytes: Uint8Array) => Buffer.concat([bytes, text]),
    })) {
      it(`refuses ${encoding} that is ${problem}`, async () => {
        const bytes = spoil(await compress(text, encoding))
        await assert.rejects(decompress(bytes, encoding, limit), { kind: 'invalid_request' })
      })
    }
  }

  it('knows its encodings and no inherited name', () => {
    assert.equal(encodingNamed('gzip'), 'gzip')
    assert.equal(encodingNamed('br'), undefined)
    assert.equal(encodingNamed('toString'), undefined)
  })
})
