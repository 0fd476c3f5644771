import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import sharp from 'sharp'
import { noise, noisyFrames, pixelsOf } from '../../fixtures/noise.ts'
import { openImageFile } from './open.ts'

const single = () => noise(20, 20).gif().toBuffer()
const animated = async () => (await noisyFrames(3, 20)).gif().toBuffer()

describe('a GIF', () => {
  it('of one frame is left as it is', async () => {
    const file = await single()
    assert.deepEqual(openImageFile(file), { pageCount: 1, frames: 1, bytes: file })
    assert.equal(openImageFile(file).bytes, file)
  })

  it('ends with its first frame, and tells how many it had', async () => {
    const file = await animated()
    const { bytes, frames, pageCount } = openImageFile(file)
    assert.deepEqual([frames, pageCount], [3, 1])
    assert.ok(bytes.length < file.length / 2)
    assert.equal((await sharp(bytes).metadata()).pages ?? 1, 1)
    assert.deepEqual(await pixelsOf(bytes), await pixelsOf(file))
  })

  it('ends with its first frame, whatever stands behind that', async () => {
    const file = await single()
    for (const rest of [Buffer.from('what is this'), file, Buffer.alloc(100)]) {
      const { bytes, frames } = openImageFile(Buffer.concat([file.subarray(0, -1), rest]))
      assert.deepEqual([frames, bytes], [1, file])
    }
  })

  it('that breaks off is left as it is, wherever it does', async () => {
    const file = await single()
    for (let length = 6; length < file.length - 1; length++) {
      const start = file.subarray(0, length)
      assert.equal(openImageFile(start).bytes, start)
    }
  })
})
