import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import sharp, { type Sharp } from 'sharp'
import { pdfOf, tiffOf } from '../../../tests/documents/containers.ts'
import { page as pageFile } from '../../../tests/documents/pdf-file.ts'
import { ampleLimits } from '../fixtures/image-limits.ts'
import { restrictLoaders } from '../image/loaders.ts'
import { createWorkspace, type Workspace } from '../workspace.ts'
import { openDocument } from './source.ts'

const { signal: never } = new AbortController()
const standardLimits = {
  ...ampleLimits,
  maxPixels: 1e7,
  enginePixels: 1e7,
  pdfDpi: 100,
  pdfMemoryBytes: 2 ** 29,
}

/** A page with a black square in its top left corner. */
const page = (width: number, height: number): Sharp =>
  sharp({ create: { width, height, channels: 3, background: 'white' } })
    .composite([
      {
        input: { create: { width: 20, height: 20, channels: 3, background: 'black' } },
        left: 0,
        top: 0,
      },
    ])
    .png()

/** Encoded, so that its metadata have what `page` was given. */
const encodedPage = async (width: number, height: number, density = 100) =>
  sharp(await page(width, height).withDensity(density).toBuffer())

describe('openDocument', () => {
  let parent: string
  let workspace: Workspace

  before(async () => {
    restrictLoaders()
    parent = mkdtempSync('/dev/shm/document-test-')
    workspace = await createWorkspace(parent)
  })
  after(() => rmSync(parent, { recursive: true }))

  const open = (
    bytes: Uint8Array,
    change: Partial<typeof standardLimits> = {},
    dpi?: number,
    signal = never,
  ) => openDocument(bytes, { dpi, workspace, limits: { ...standardLimits, ...change } }, signal)
  const sizesOf = async (...args: Parameters<typeof open>) => {
    using document = await open(...args)
    const numbers = Array.from({ length: document.pageCount }, (_, index) => index + 1)
    return await Promise.all(
      numbers.map(async (number) => {
        using page = await document.openPage(number, never)
        const { width, height, density } = page.image
        return [width, height, density]
      }),
    )
  }
  const twoPages = async () => [await encodedPage(300, 200), await encodedPage(100, 400)]

  it('opens the pages of a TIFF with the size and the density of each', async () => {
    const pages = [await encodedPage(300, 200, 150), await encodedPage(100, 400)]
    assert.deepEqual(await sizesOf(await tiffOf(pages)), [
      [300, 200, 150],
      [100, 400, 100],
    ])
  })

  it('believes the caller rather than the image about its density', async () => {
    const [image] = await twoPages()
    assert.deepEqual(await sizesOf(await tiffOf([image as Sharp]), {}, 250), [[300, 200, 250]])
  })

  it('takes an animation for a page', async () => {
    const frames = [50, 100, 200].map((gray) => Buffer.alloc(30 * 20 * 3, gray))
    const raw = { width: 30, height: 60, channels: 3, pageHeight: 20 } as const
    const image = await sharp(Buffer.concat(frames), { raw }).gif({ loop: 0 }).toBuffer()
    using document = await open(image)
    assert.equal(document.pageCount, 1)
    using page = await document.openPage(1, never)
    assert.deepEqual([page.image.height, page.image.frames], [20, 3])
  })

  it('draws the pages of a PDF at the density that is set or asked for', async () => {
    const pdf = await pdfOf(await twoPages())
    assert.deepEqual(await sizesOf(pdf), [
      [300, 200, 100],
      [100, 400, 100],
    ])
    assert.deepEqual((await sizesOf(pdf, {}, 200))[0], [600, 400, 200])
    assert.deepEqual(readdirSync(workspace.path), [])
  })

  it('draws what is on the page, upright', async () => {
    using document = await open(await pdfOf(await twoPages()))
    using page = await document.openPage(2, never)
    const { data, info } = await page.image.pixels.raw().toBuffer({ resolveWithObject: true })
    const at = (x: number, y: number) => data[(y * info.width + x) * info.channels] ?? -1
    assert.ok(at(10, 10) < 50 && at(50, 10) > 200 && at(10, 390) > 200)
  })

  it('draws a page that is too large for the engine with fewer pixels', async () => {
    const pdf = await pdfOf([await encodedPage(1000, 1000)])
    assert.deepEqual(await sizesOf(pdf, { enginePixels: 1_003_000 }), [[1000, 1000, 100]])
    const [[width = 0, , dpi = 0] = []] = await sizesOf(pdf, { enginePixels: 250_000 })
    assert.ok(width <= 500 && width >= 499)
    assert.ok(Math.abs(dpi - 50) < 0.1)
    using document = await open(pdf, { enginePixels: 250_000 })
    using page = await document.openPage(1, never)
    assert.ok(page.image.isReduced)
  })

  it('refuses a page of which less than a pixel per inch could be drawn', async () => {
    const ofPoints = (size: number) => pageFile({ content: '', size })
    const [[, , dpi = 0] = []] = await sizesOf(ofPoints(150_000))
    assert.ok(dpi > 1 && dpi < 2)
    using document = await open(ofPoints(10_000_000_000))
    await assert.rejects(document.openPage(1, never), { kind: 'image_too_large' })
  })

  it('finds a PDF behind other bytes', async () => {
    const pdf = await pdfOf(await twoPages())
    assert.equal((await sizesOf(Buffer.concat([Buffer.alloc(900, '\n'), pdf]))).length, 2)
  })

  it('takes an image with such bytes in it for an image', async () => {
    const [first] = await twoPages()
    const comment = await sharp(await first?.jpeg().toBuffer())
      .withExif({ IFD0: { ImageDescription: '%PDF-1.7' } })
      .toBuffer()
    assert.ok(comment.subarray(0, 1024).includes('%PDF-'))
    assert.deepEqual((await sizesOf(comment))[0]?.slice(0, 2), [300, 200])
  })

  it('believes no title that reads like a fact', async () => {
    const title = 'Report\nPages: 99999999999999\nPage    1 size: 1 x 1 pts'
    const pdf = await pdfOf(await twoPages(), { title })
    assert.ok(pdf.includes('Pages: 9'))
    assert.deepEqual(await sizesOf(pdf), [
      [300, 200, 100],
      [100, 400, 100],
    ])
    const long = await pdfOf(await twoPages(), { title: 'x'.repeat(200_000) })
    assert.equal((await sizesOf(long)).length, 2)
  })

  it('refuses a PDF with a password', async () => {
    const pdf = await pdfOf(await twoPages(), { password: 'secret' })
    await assert.rejects(open(pdf), { kind: 'encrypted_document' })
    assert.deepEqual(readdirSync(workspace.path), [])
  })

  it('fails on a page that is counted but not there', async () => {
    const pdf = Buffer.from(
      (await pdfOf(await twoPages())).toString('latin1').replace('/Count 2', '/Count 3'),
      'latin1',
    )
    using document = await open(pdf)
    assert.equal(document.pageCount, 3)
    await assert.rejects(document.openPage(3, never), { kind: 'undecodable_image' })
  })

  it('takes no density that cannot be', async () => {
    const image = await sharp(await page(30, 20).toBuffer())
      .withDensity(50_000)
      .png()
      .toBuffer()
    assert.deepEqual(await sizesOf(image), [[30, 20, undefined]])
  })

  it('refuses what only begins like a PDF', async () => {
    const pdf = await pdfOf(await twoPages())
    for (const bytes of [pdf.subarray(0, 300), Buffer.from('%PDF-1.4\n'), Buffer.from('%PDF-')]) {
      await assert.rejects(open(bytes), { kind: 'undecodable_image' })
    }
    assert.deepEqual(readdirSync(workspace.path), [])
  })

  it('fails on a page whose content is not there, and not on an empty one', async () => {
    const pages = [
      ...(await twoPages()),
      sharp(
        await sharp(Buffer.alloc(100 * 100, 255), { raw: { width: 100, height: 100, channels: 1 } })
          .png()
          .toBuffer(),
      ),
    ]
    using document = await open(await pdfOf(pages, { damaged: 1 }))
    await assert.rejects(document.openPage(2, never), {
      kind: 'undecodable_image',
      message: 'Page 2 of the PDF is damaged.',
    })
    for (const number of [1, 3]) {
      using page = await document.openPage(number, never)
      assert.ok(page.image.width > 0)
    }
  })

  it('bounds the memory for drawing a page', async () => {
    const pdf = await pdfOf([await encodedPage(1000, 1000)])
    const large = { enginePixels: 25_100_000, maxPixels: 25_100_000, pdfDpi: 500 }
    assert.deepEqual(await sizesOf(pdf, large), [[5000, 5000, 500]])
    using document = await open(pdf, { ...large, pdfMemoryBytes: 64 * 2 ** 20 })
    await assert.rejects(document.openPage(1, never), { kind: 'image_too_large' })
  })

  it('stops drawing when it is aborted', async () => {
    using document = await open(await pdfOf(await twoPages()))
    const controller = new AbortController()
    const drawing = document.openPage(1, controller.signal)
    controller.abort(new Error('gone'))
    await assert.rejects(drawing, { message: 'gone' })
  })

  it('tells that there is no room for a PDF, or for a page of it', async () => {
    const pdf = await pdfOf(await twoPages())
    const openIn = (full: string) => {
      const file = (extension: string) =>
        extension === full
          ? { path: `/dev/full${extension === '.tif' ? '/page.tif' : ''}`, [Symbol.dispose]() {} }
          : workspace.file(extension)
      const options = { dpi: 100, workspace: { ...workspace, file }, limits: standardLimits }
      return openDocument(pdf, options, never)
    }
    await assert.rejects(openIn('.pdf'), { kind: 'overloaded' })
    using document = await openIn('.tif')
    await assert.rejects(document.openPage(1, never), { kind: 'overloaded' })
  })
})
