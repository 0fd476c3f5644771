import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import sharp, { type Sharp } from 'sharp'
import { ampleLimits } from '../fixtures/image-limits.ts'
import { decode, requireImage } from './decode.ts'
import { restrictLoaders } from './loaders.ts'

const blank = (width: number, height: number): Sharp =>
  sharp({ create: { width, height, channels: 3, background: 'white' }, limitInputPixels: false })

/** The head of a PNG that claims a size, cut off after it. */
function pngHeader(width: number, height: number): Buffer {
  const header = Buffer.from(
    '89504e470d0a1a0a0000000d494844520000000000000000080000000000000000',
    'hex',
  )
  header.writeUInt32BE(width, 16)
  header.writeUInt32BE(height, 20)
  return header
}

describe('decode', () => {
  before(() => restrictLoaders())

  for (const format of ['jpeg', 'png', 'webp', 'tiff', 'gif'] as const) {
    it(`opens ${format}`, async () => {
      const image = await decode(await blank(30, 20).toFormat(format).toBuffer(), ampleLimits)
      assert.deepEqual([image.width, image.height], [30, 20])
    })
  }

  for (const [name, content] of Object.entries({
    text: 'Just some text, long enough to be something.',
    'a path': '/etc/hostname\n',
    html: '<!DOCTYPE html><html><body>hi</body></html>',
    svg: '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
    pdf: '%PDF-1.7\n1 0 obj << >> endobj',
    ppm: 'P6\n2 2\n255\n123412341234',
    avif: '\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf',
    'one byte': 'x',
  })) {
    it(`refuses ${name} as an unsupported type`, async () => {
      await assert.rejects(decode(Buffer.from(content, 'latin1'), ampleLimits), {
        kind: 'unsupported_media',
        message:
          'The file is not a supported image or PDF. Send one of: png, jpeg, webp, tiff, gif, pdf.',
      })
    })
  }

  it('refuses as damaged what begins like an image and is none', async () => {
    for (const start of [
      'II*\0',
      'GIF89a',
      '\x89PNG\r\n\x1a\n',
      '\xff\xd8\xff',
      'RIFF\0\0\0\0WEBP',
    ]) {
      await assert.rejects(requireImage(Buffer.from(`${start} and no more`, 'latin1')), {
        kind: 'undecodable_image',
      })
    }
    await assert.rejects(requireImage(Buffer.from('no image')), { kind: 'unsupported_media' })
  })

  it('refuses a PNG that ends within its header as damaged', async () => {
    await assert.rejects(decode(pngHeader(10, 10).subarray(0, 20), ampleLimits), {
      kind: 'undecodable_image',
    })
  })

  it('takes exactly the most pixels allowed and refuses more by the header alone', async () => {
    const image = await blank(100, 50).png().toBuffer()
    assert.equal((await decode(image, { ...ampleLimits, maxPixels: 5_000 })).width, 100)
    await assert.rejects(decode(image, { ...ampleLimits, maxPixels: 4_999 }), {
      kind: 'image_too_large',
      message: 'The image has 100 x 50 pixels, more than the 4999 allowed.',
    })
  })

  it('tells the upright size of a picture that lies on its side', async () => {
    const bytes = await blank(30, 20).withMetadata({ orientation: 6 }).jpeg().toBuffer()
    const image = await decode(bytes, ampleLimits)
    assert.deepEqual([image.width, image.height], [20, 30])
  })

  it('tells gray, alpha and density', async () => {
    const gray = await blank(9, 9).toColorspace('b-w').withDensity(150).png().toBuffer()
    const image = await decode(gray, ampleLimits)
    assert.deepEqual([image.isGray, image.hasAlpha, image.density], [true, false, 150])
    const alpha = await blank(9, 9).ensureAlpha().png().toBuffer()
    assert.equal((await decode(alpha, ampleLimits)).hasAlpha, true)
  })
})
