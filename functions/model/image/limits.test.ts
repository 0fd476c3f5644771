import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import sharp from 'sharp'
import { separateScans } from '../../../tests/documents/jpeg-scans.ts'
import { pngOf } from '../../../tests/documents/png-file.ts'
import { ampleLimits } from '../fixtures/image-limits.ts'
import { requireWithinLimits } from './limits.ts'

const blank = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: 'white' } })

const check = async (file: Buffer, change: Partial<typeof ampleLimits>) =>
  requireWithinLimits(await sharp(file, { autoOrient: true }).metadata(), {
    ...ampleLimits,
    ...change,
  })

describe('the limits of an image', () => {
  it('are exactly so many pixels', async () => {
    const file = await blank(100, 50).png().toBuffer()
    await check(file, { maxPixels: 5_000 })
    await assert.rejects(check(file, { maxPixels: 4_999 }), {
      kind: 'image_too_large',
      message: 'The image has 100 x 50 pixels, more than the 4999 allowed.',
    })
  })

  it('are exactly so many pixels of each side', async () => {
    for (const [width, height] of [
      [100, 50],
      [50, 100],
    ] as const) {
      const file = await blank(width, height).png().toBuffer()
      await check(file, { maxSide: 100 })
      await assert.rejects(check(file, { maxSide: 99 }), {
        kind: 'image_too_large',
        message: `The image has ${width} x ${height} pixels, and no side may have more than 99. Send it smaller or in parts.`,
      })
    }
  })

  const held: [name: string, file: () => Buffer | Promise<Buffer>, bytes: number][] = [
    ['a WebP', () => blank(100, 50).webp().toBuffer(), 40_000],
    ['a GIF', () => blank(100, 50).gif().toBuffer(), 25_000],
    ['a TIFF', () => blank(100, 50).tiff().toBuffer(), 15_000],
    ['a progressive JPEG', () => blank(100, 50).jpeg({ progressive: true }).toBuffer(), 15_000],
    [
      'a progressive JPEG of full colors',
      () => blank(100, 50).jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer(),
      30_000,
    ],
    [
      'a progressive JPEG in gray',
      () => blank(100, 50).toColorspace('b-w').jpeg({ progressive: true }).toBuffer(),
      10_000,
    ],
    ['a JPEG of several scans', () => separateScans(80), 38_400],
    ['an interlaced PNG', () => blank(100, 50).png({ progressive: true }).toBuffer(), 15_000],
    [
      'an interlaced PNG of 16 bits and alpha',
      () => pngOf({ width: 100, height: 50, depth: 'color16', isInterlaced: true }),
      40_000,
    ],
  ]
  for (const [name, file, bytes] of held) {
    it(`are exactly so many bytes for ${name}, which is decoded as a whole`, async () => {
      await check(await file(), { maxDecodeBytes: bytes })
      await assert.rejects(check(await file(), { maxDecodeBytes: bytes - 1 }), {
        kind: 'image_too_large',
        message: /Send it as a plain PNG or JPEG, or smaller\.$/,
      })
    })
  }

  it('are no bytes for what is decoded row by row', async () => {
    await check(await blank(100, 50).png().toBuffer(), { maxDecodeBytes: 1 })
    await check(await blank(100, 50).jpeg().toBuffer(), { maxDecodeBytes: 1 })
  })

  it('take a WebP for as large as the engine sees it', async () => {
    const limits = { maxDecodeBytes: 40_000, enginePixels: 5_000 }
    await check(await blank(200, 100).webp().toBuffer(), limits)
    await assert.rejects(check(await blank(200, 100).gif().toBuffer(), limits))
  })
})
