import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import sharp from 'sharp'
import { noise, noisyFrames, pixelsOf } from '../../fixtures/noise.ts'
import { openImageFile } from './open.ts'

const animated = async (count: number, side: number) =>
  (await noisyFrames(count, side)).webp({ lossless: true }).toBuffer()

describe('a WebP', () => {
  it('with little that is not needed is left as it is', async () => {
    const still = await noise(20, 20).webp({ lossless: true }).toBuffer()
    assert.equal(openImageFile(still).bytes, still)
    const file = await animated(3, 20)
    assert.deepEqual(openImageFile(file), { pageCount: 1, frames: 3, bytes: file })
  })

  it('has no frame but the first, and tells how many it had', async () => {
    const file = await animated(4, 120)
    const { bytes, frames, pageCount } = openImageFile(file)
    assert.deepEqual([frames, pageCount], [4, 1])
    assert.ok(bytes.length < file.length / 2)
    assert.equal((await sharp(bytes).metadata()).pages ?? 1, 1)
    assert.deepEqual(await pixelsOf(bytes), await pixelsOf(file))
  })

  it('keeps its orientation and loses its texts', async () => {
    const file = await noise(40, 20)
      .withMetadata({ orientation: 6 })
      .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/">${'text '.repeat(20_000)}</x:xmpmeta>`)
      .webp()
      .toBuffer()
    const { bytes } = openImageFile(file)
    const { orientation, xmp } = await sharp(bytes).metadata()
    assert.deepEqual([orientation, xmp], [6, undefined])
    assert.ok(bytes.length < file.length / 2)
    assert.deepEqual(await pixelsOf(bytes), await pixelsOf(file))
  })

  it('keeps metadata of up to 4 MiB', async () => {
    const exif = (bytes: number) => {
      const chunk = Buffer.alloc(8 + bytes)
      chunk.write('EXIF')
      chunk.writeUInt32LE(bytes, 4)
      return chunk
    }
    const file = await noise(20, 20).webp().toBuffer()
    const kept = Buffer.concat([file, exif(2 ** 22)])
    assert.equal(openImageFile(kept).bytes, kept)
    assert.deepEqual(openImageFile(Buffer.concat([file, exif(2 ** 22 + 2)])).bytes, file)
  })

  it('that breaks off tells the frames that begin in it', async () => {
    const file = await animated(2, 20)
    const second = file.lastIndexOf('ANMF')
    for (let length = 12; length < file.length; length++) {
      const { bytes, frames } = openImageFile(file.subarray(0, length))
      assert.equal(bytes.length, length)
      // A frame begins with the eight bytes of its chunk's head.
      assert.equal(frames, length < second + 8 ? 1 : 2)
    }
  })
})
