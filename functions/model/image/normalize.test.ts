import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import sharp, { type Sharp } from 'sharp'
import { pngOf } from '../../../tests/documents/png-file.ts'
import { ampleLimits } from '../fixtures/image-limits.ts'
import { decode } from './decode.ts'
import { restrictLoaders } from './loaders.ts'
import { normalize } from './normalize.ts'
import { inPlace } from './placement.ts'

describe('normalize', () => {
  let folder: string
  before(() => {
    restrictLoaders()
    folder = mkdtempSync(join(tmpdir(), 'normalize-'))
  })
  after(() => rmSync(folder, { recursive: true }))

  const written = async (image: Sharp | Buffer, enginePixels = 25_000_000) => {
    const path = join(folder, 'page.tif')
    const bytes = Buffer.isBuffer(image) ? image : await image.png().toBuffer()
    const page = await normalize(await decode(bytes, ampleLimits), path, { enginePixels })
    return { page, file: sharp(path) }
  }
  const filled = (background: string, width = 40, height = 20) =>
    sharp({ create: { width, height, channels: 4, background } })
  /** A picture whose left half is black and whose right half is white. */
  const halves = () =>
    filled('white').composite([
      {
        input: { create: { width: 20, height: 20, channels: 4, background: 'black' } },
        left: 0,
        top: 0,
      },
    ])

  it('keeps the pixels, the size and the density', async () => {
    const { page, file } = await written(halves().flatten().withDensity(200))
    assert.deepEqual(page, { width: 40, height: 20, placement: inPlace })
    const { format, density } = await file.metadata()
    assert.deepEqual([format, density], ['tiff', 200])
    const pixels = await file.raw().toBuffer()
    assert.deepEqual([pixels.at(0), pixels.at(-1)], [0, 255])
  })

  it('keeps gray in one channel', async () => {
    const { file } = await written(halves().flatten().toColorspace('b-w'))
    assert.equal((await file.metadata()).channels, 1)
  })

  it('puts a transparent image on white', async () => {
    const { file } = await written(filled('#00000000'))
    const { channels } = await file.metadata()
    assert.equal(channels, 3)
    assert.equal((await file.raw().toBuffer()).at(0), 255)
  })

  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
    it(`stands the picture upright for EXIF orientation ${orientation}`, async () => {
      const lying = await halves().flatten().withMetadata({ orientation }).jpeg().toBuffer()
      const { page } = await written(lying)
      assert.deepEqual([page.width, page.height], orientation > 4 ? [20, 40] : [40, 20])
    })
  }

  it('leaves exactly the most pixels alone and scales one more down', async () => {
    assert.deepEqual((await written(halves(), 800)).page.placement, inPlace)
    const { page, file } = await written(halves().withDensity(200), 799)
    assert.ok(page.placement.a > 1 && page.width * page.height <= 799)
    const { width, height, density } = await file.metadata()
    assert.deepEqual({ width, height }, { width: page.width, height: page.height })
    assert.equal(density, Math.round(200 / page.placement.d))
  })

  for (const [width, height] of [
    [40_000, 2],
    [1, 40_000],
    [100, 40_000],
  ] as const) {
    it(`scales ${width} x ${height} down to sides that the engine takes`, async () => {
      const { page, file } = await written(filled('white', width, height))
      assert.equal(Math.max(page.width, page.height), 32_767)
      const { a, d } = page.placement
      assert.deepEqual([page.width * a, page.height * d], [width, height])
      const metadata = await file.metadata()
      assert.deepEqual([metadata.width, metadata.height], [page.width, page.height])
    })
  }

  it('refuses an image whose pixels end early', async () => {
    const whole = await sharp({
      create: {
        width: 200,
        height: 200,
        channels: 3,
        background: 'white',
        noise: { type: 'gaussian', mean: 128, sigma: 30 },
      },
    })
      .png()
      .toBuffer()
    await assert.rejects(written(whole.subarray(0, whole.length / 2)), {
      kind: 'undecodable_image',
    })
  })

  it('stops decoding when the time for a page is over', async () => {
    const slow = pngOf({ width: 7000, height: 7000, depth: 'color16' })
    const image = await decode(slow, { ...ampleLimits, pageTimeoutMs: 1_000 })
    const decoded = normalize(image, join(folder, 'slow.tif'), { enginePixels: 25_000_000 })
    await assert.rejects(decoded, { kind: 'page_timeout' })
  })

  it('says that there is no room when the file cannot be written for want of it', async () => {
    const image = await decode(await filled('white').png().toBuffer(), ampleLimits)
    await assert.rejects(normalize(image, '/dev/full', { enginePixels: 10_000 }), {
      kind: 'overloaded',
    })
  })
})
