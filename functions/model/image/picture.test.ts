import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import sharp from 'sharp'
import { ampleLimits } from '../fixtures/image-limits.ts'
import { decode } from './decode.ts'
import { screenPixels, toJpeg, toPicture } from './picture.ts'

describe('the picture of a page', () => {
  const pictureOf = async (width: number, height: number, orientation = 1) => {
    const background = 'lightgray'
    const image = sharp({ create: { width, height, channels: 3, background } })
    const jpeg = await image.jpeg().withMetadata({ orientation }).toBuffer()
    return toPicture(await decode(jpeg, ampleLimits))
  }

  it('is a JPEG of the size that it says', async () => {
    const { mediaType, width, height, data } = await pictureOf(300, 200)
    const metadata = await sharp(Buffer.from(data, 'base64')).metadata()
    assert.deepEqual([mediaType, width, height], ['image/jpeg', 300, 200])
    assert.deepEqual([metadata.format, metadata.width, metadata.height], ['jpeg', 300, 200])
  })

  it('is none of an image that is damaged', async () => {
    const pixels = Buffer.alloc(300 * 200, 'noise')
    const png = await sharp(pixels, { raw: { width: 300, height: 200, channels: 1 } })
      .png()
      .toBuffer()
    const image = await decode(png.subarray(0, 150), ampleLimits)
    await assert.rejects(toPicture(image), { kind: 'undecodable_image' })
    await assert.rejects(toJpeg(image, 1e7), { kind: 'undecodable_image' })
  })

  it('is upright as the boxes are', async () => {
    const { width, height } = await pictureOf(300, 200, 6)
    assert.deepEqual([width, height], [200, 300])
  })

  it('has all pixels of the page up to as many as a screen has use for, and no more', async () => {
    const side = Math.sqrt(screenPixels)
    const whole = await pictureOf(side, side)
    assert.deepEqual([whole.width, whole.height], [side, side])
    const scaled = await pictureOf(2 * side, side + 2)
    assert.ok(scaled.width * scaled.height <= screenPixels)
    assert.ok(Math.abs(scaled.width / scaled.height - 2) < 0.01)
  })
})
