import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { chunk } from '../../../../tests/documents/png-file.ts'
import { noise, pixelsOf } from '../../fixtures/noise.ts'
import { openImageFile } from './open.ts'

/** A text of so many bytes, deflated. */
const text = (bytes: number): Buffer =>
  chunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0'), deflateSync(Buffer.alloc(bytes))]))

/** Signature and IHDR. */
const headBytes = 8 + 25
const picture = () => noise(40, 20).withMetadata({ orientation: 6, density: 200 }).png().toBuffer()
const withChunks = async (...chunks: Buffer[]): Promise<Buffer> => {
  const file = await picture()
  return Buffer.concat([file.subarray(0, headBytes), ...chunks, file.subarray(headBytes)])
}

describe('a PNG', () => {
  it('with little that is not needed is left as it is', async () => {
    const file = await withChunks(text(100), chunk('what', Buffer.alloc(60_000)))
    assert.equal(openImageFile(file).bytes, file)
  })

  it('loses its texts and what is unknown, and nothing else', async () => {
    const chunks = [text(1e6), chunk('what', Buffer.alloc(70_000)), text(1e6)]
    assert.deepEqual(openImageFile(await withChunks(...chunks)).bytes, await picture())
  })

  it('loses what comes again', async () => {
    const size = chunk('pHYs', Buffer.from('000000ff000000ff01', 'hex'))
    const file = await withChunks(...Array<Buffer>(4000).fill(size))
    const { bytes } = openImageFile(file)
    assert.ok(bytes.length < file.length - 3999 * size.length)
    const { orientation, density } = await sharp(bytes).metadata()
    assert.deepEqual([orientation, density], [6, 200])
    assert.deepEqual(await pixelsOf(bytes), await pixelsOf(file))
  })

  it('keeps metadata of up to 4 MiB', async () => {
    const exif = (bytes: number) => chunk('eXIf', Buffer.alloc(bytes))
    const start = (await picture()).subarray(0, headBytes)
    const kept = Buffer.concat([start, exif(2 ** 22)])
    assert.equal(openImageFile(kept).bytes, kept)
    assert.deepEqual(openImageFile(Buffer.concat([start, exif(2 ** 22 + 1)])).bytes, start)
  })

  it('is left as it is where it breaks off', async () => {
    const file = await picture()
    for (let length = 8; length < file.length; length++) {
      const start = file.subarray(0, length)
      assert.equal(openImageFile(start).bytes, start)
    }
  })
})
