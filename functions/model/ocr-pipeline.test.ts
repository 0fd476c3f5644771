import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import sharp, { type Sharp } from 'sharp'
import { pdfOf, tiffOf } from '../../tests/documents/containers.ts'
import { receipt } from '../../tests/documents/corpus.ts'
import { OcrError } from '../contract/errors.ts'
import type { Engine } from './engine/engine.ts'
import { hocrOf, type PipelineChange, pagesOfWidths, testPipeline } from './fixtures/pipeline.ts'
import { restrictLoaders } from './image/loaders.ts'
import { createWorkspace, type Workspace } from './workspace.ts'

/** Reads one word, which tells the width of the page. */
const readWidth: Engine['recognize'] = async (path) =>
  hocrOf(String((await sharp(path).metadata()).width))

const { signal: never } = new AbortController()

describe('the pipeline', () => {
  let parent: string
  let workspace: Workspace
  let image: Buffer

  before(async () => {
    restrictLoaders()
    parent = mkdtempSync('/dev/shm/pipeline-test-')
    workspace = await createWorkspace(parent)
    image = await receipt(1)
  })
  after(() => rmSync(parent, { recursive: true }))

  const pipelineWith = (recognize: Engine['recognize'], change?: PipelineChange) =>
    testPipeline({ workspace, recognize, image }, change)

  it('hands the engine a file of its own making and returns the document and the times', async () => {
    const seen: unknown[] = []
    const { read, isClean } = pipelineWith(async (path, { lang, psm }) => {
      seen.push(path.startsWith(workspace.path), lang, psm)
      return hocrOf('hi')
    })
    const { document, timings } = await read()
    assert.deepEqual(seen, [true, 'eng', 3])
    assert.equal(document.text, 'hi')
    assert.deepEqual(Object.keys(timings), ['queueMs', 'decodeMs', 'recognizeMs', 'parseMs'])
    assert.ok(isClean())
  })

  for (const [problem, request] of Object.entries({
    'an unknown language': { options: { lang: 'xyz' } },
    'an empty image': { image: Buffer.alloc(0) },
    'text for an image': { image: Buffer.from('/etc/hostname\n') },
    'half an image': {},
    'half a PDF': { image: Buffer.from('%PDF-1.7\n1 0 obj << >> endobj') },
  })) {
    it(`never troubles the engine with ${problem}`, async () => {
      const { read, isClean } = pipelineWith(() => assert.fail('the engine was called'))
      const half = image.subarray(0, image.length / 2)
      await assert.rejects(read({ image: half, ...request }), OcrError)
      assert.ok(isClean())
    })
  }

  it('gives slot and file back when the engine fails', async () => {
    const { read, isClean } = pipelineWith(async () => {
      throw new OcrError('engine_crashed', 'Crashed.')
    })
    await assert.rejects(read(), { kind: 'engine_crashed' })
    assert.ok(isClean())
  })

  it('does not try a page again that killed engines, whatever else is asked for', async () => {
    let runs = 0
    const crash = async () => {
      runs++
      throw new OcrError('engine_crashed', 'Crashed.')
    }
    const { read } = pipelineWith(crash, { quarantineMs: 60_000 })
    for (const options of [{}, { pages: '1' }, { pictures: true }]) {
      await assert.rejects(read({ options }), { kind: 'engine_crashed' })
    }
    assert.equal(runs, 1)
    await assert.rejects(read({ options: { psm: 6 } }), { kind: 'engine_crashed' })
    assert.equal(runs, 2)
  })

  const untilAborted: Engine['recognize'] = (_path, _options, signal) =>
    new Promise((_resolve, reject) => {
      if (signal.aborted) reject(signal.reason)
      signal.addEventListener('abort', () => reject(signal.reason))
    })

  const toCount = () => pipelineWith(() => assert.fail('the engine was called'), { maxPages: 5 })

  it('counts an image as one page, without the engine', async () => {
    const { count, isClean } = toCount()
    assert.equal(await count(), 1)
    assert.ok(isClean())
  })

  for (const [kind, request] of [
    ['unknown_language', { options: { lang: 'xyz' } }],
    ['invalid_request', { options: { pages: '2' } }],
    ['invalid_request', { image: Buffer.alloc(0) }],
    ['unsupported_media', { image: Buffer.from('/etc/hostname\n') }],
    ['undecodable_image', { image: Buffer.from('%PDF-1.7\n1 0 obj << >> endobj') }],
    ['payload_too_large', { image: Buffer.alloc(1_000_001) }],
  ] as const) {
    it(`refuses to count pages where it would refuse to read them: ${kind}`, async () => {
      const { count, read, isClean } = toCount()
      await assert.rejects(count(request), { kind })
      await assert.rejects(read(request), { kind })
      assert.ok(isClean())
    })
  }

  it('refuses to count the pages of a PDF with a password', async () => {
    const { count, isClean } = toCount()
    const pdf = await pdfOf(pagesOfWidths(100), { password: 'secret' })
    await assert.rejects(count({ image: pdf }), { kind: 'encrypted_document' })
    assert.ok(isClean())
  })

  it('limits the time for a page', async () => {
    const { read, isClean } = pipelineWith(untilAborted, { pageTimeoutMs: 50 })
    await assert.rejects(read(), { kind: 'page_timeout' })
    assert.ok(isClean())
  })

  it('lets a request stop waiting for its slot', async () => {
    const page = Promise.withResolvers<string>()
    const { read, slots } = pipelineWith(() => page.promise)
    const first = read()
    while (slots.busy === 0) await new Promise(setImmediate)
    const controller = new AbortController()
    const second = read({}, controller.signal)
    while (slots.waiting === 0) await new Promise(setImmediate)
    controller.abort(new OcrError('client_gone', 'Gone.'))
    await assert.rejects(second, { kind: 'client_gone' })
    assert.equal(slots.waiting, 0)
    page.resolve(hocrOf('hi'))
    await first
  })

  it('reads a page in another language, or in another mode, after one of those that have waited longer', async () => {
    const page = Promise.withResolvers<string>()
    const order: string[] = []
    const { read, slots, isClean } = pipelineWith((_path, { lang, psm }) => {
      order.push(`${lang} ${psm}`)
      return page.promise
    })
    const reads = [read()]
    while (slots.busy === 0) await new Promise(setImmediate)
    for (const options of [...Array(8).fill({}), { lang: 'deu' }, { psm: 6 }] as const) {
      const { waiting } = slots
      reads.push(read({ options }))
      while (slots.waiting === waiting) await new Promise(setImmediate)
    }
    page.resolve(hocrOf('hi'))
    await Promise.all(reads)
    assert.deepEqual(order.slice(0, 5), ['eng 3', 'eng 3', 'deu 3', 'eng 6', 'eng 3'])
    assert.ok(isClean())
  })

  const encoders = {
    TIFF: tiffOf,
    PDF: (images: Sharp[], damaged?: number) =>
      pdfOf(images, damaged === undefined ? {} : { damaged }),
  }
  for (const [format, encode] of Object.entries(encoders)) {
    describe(`reading a ${format} of five pages`, () => {
      const widths = [100, 200, 300, 400, 500]
      const encoded = (damaged?: number) => encode(pagesOfWidths(...widths), damaged)

      it('returns them in order, whichever is read first', async () => {
        const { read, isClean } = pipelineWith(
          async (path) => {
            const { width } = await sharp(path).metadata()
            await setTimeout(width === 100 ? 50 : 1)
            return hocrOf(String(width))
          },
          { size: 2 },
        )
        const { document } = await read({ image: await encoded() })
        assert.deepEqual(
          document.pages.map(({ number, width, height, text }) => [number, width, height, text]),
          widths.map((width, index) => [index + 1, width, 50, String(width)]),
        )
        assert.equal(document.text, '100\n\f200\n\f300\n\f400\n\f500')
        assert.deepEqual([document.complete, document.pageCount], [true, 5])
        assert.ok(isClean())
      })

      it('reads as many at once as there are slots', async () => {
        let atOnce = 0
        let most = 0
        const two = Promise.withResolvers<void>()
        const { read } = pipelineWith(
          async () => {
            most = Math.max(most, ++atOnce)
            if (atOnce === 2) two.resolve()
            // However slowly a page is drawn, the first one is still being read when the second comes.
            await Promise.race([two.promise, setTimeout(5_000)])
            await setTimeout(20)
            atOnce--
            return hocrOf('hi')
          },
          { size: 2 },
        )
        await read({ image: await encoded() })
        assert.equal(most, 2)
      })

      it('counts them without the engine, as long as those that are asked for may be read', async () => {
        const { count, slots, isClean } = toCount()
        assert.equal(await count({ image: await encoded() }), 5)
        assert.equal(await count({ image: await encoded(), options: { pages: '2,4' } }), 5)
        const beyond = { image: await encoded(), options: { pages: '6' } }
        await assert.rejects(count(beyond), { kind: 'invalid_request' })
        const six = await encode(pagesOfWidths(...widths, 600))
        await assert.rejects(count({ image: six }), { kind: 'too_many_pages' })
        assert.equal(await count({ image: six, options: { pages: '2-' } }), 6)
        assert.equal(slots.waiting, 0)
        assert.ok(isClean())
      })

      it('lets a count stop waiting for its slot', async () => {
        const page = Promise.withResolvers<string>()
        const { read, count, slots } = pipelineWith(() => page.promise)
        const reading = read()
        while (slots.busy === 0) await new Promise(setImmediate)
        const controller = new AbortController()
        const counting = count({ image: await encoded() }, controller.signal)
        while (slots.waiting === 0) await new Promise(setImmediate)
        controller.abort(new OcrError('deadline_exceeded', 'Time is over.'))
        await assert.rejects(counting, { kind: 'deadline_exceeded' })
        assert.equal(slots.waiting, 0)
        page.resolve(hocrOf('hi'))
        await reading
      })

      it('gives the engine each page once, whatever is wanted of it', async () => {
        let runs = 0
        const { read } = pipelineWith(async () => {
          runs++
          return hocrOf('hi')
        })
        const { document, pdf } = await read({ image: await encoded(), withPdf: true })
        assert.deepEqual([runs, document.pages.length], [5, 5])
        assert.match(Buffer.from(pdf ?? []).toString('latin1'), /^%PDF-/)
      })

      it('reads the pages that are asked for, and no other', async () => {
        const { read } = pipelineWith(readWidth)
        const options = { pages: '4-,2' }
        const { document } = await read({ image: await encoded(), options })
        assert.deepEqual(
          document.pages.map(({ number, text }) => [number, text]),
          [
            [2, '200'],
            [4, '400'],
            [5, '500'],
          ],
        )
        assert.deepEqual([document.complete, document.pageCount], [true, 5])
        const beyond = { image: await encoded(), options: { pages: '6' } }
        await assert.rejects(read(beyond), { kind: 'invalid_request' })
      })

      it('reports a damaged page in its place', async () => {
        const { read, isClean } = pipelineWith(readWidth)
        const { document } = await read({ image: await encoded(2), withPdf: true })
        assert.deepEqual(
          document.pages.map(({ text, error }) => error?.code ?? text),
          ['100', '200', 'undecodable_image', '400', '500'],
        )
        assert.equal(document.complete, false)
        assert.ok(isClean())
      })

      it('fails when every page does', async () => {
        const { read } = pipelineWith(readWidth)
        const request = { image: await encoded(2), options: { pages: '3' } }
        await assert.rejects(read(request), { kind: 'undecodable_image' })
      })

      it('fails as a whole when that is not the fault of a page', async () => {
        const { read, isClean } = pipelineWith(async (path) => {
          const hocr = await readWidth(path, { lang: '', tessdata: '', psm: 3, oem: 3 }, never)
          if (!hocr.includes('200')) return hocr
          throw new OcrError('engine_unavailable', 'Could not be started.')
        })
        await assert.rejects(read({ image: await encoded() }), { kind: 'engine_unavailable' })
        assert.ok(isClean())
      })

      it('takes as many pages as allowed and refuses one more', async () => {
        const image = await encoded()
        await pipelineWith(readWidth, { maxPages: 5 }).read({ image })
        const { read, isClean } = pipelineWith(() => assert.fail('called'), { maxPages: 4 })
        await assert.rejects(read({ image }), { kind: 'too_many_pages' })
        assert.ok(isClean())
      })

      it('stops at a searchable PDF that would be too large', async () => {
        const { read, isClean } = pipelineWith(readWidth, { maxPdfBytes: 1000 })
        const request = { image: await encoded(), withPdf: true }
        await assert.rejects(read(request), { kind: 'output_too_large' })
        assert.ok(isClean())
      })

      it('has pictures of its pages where they are asked for, and stops at too many', async () => {
        const request = { image: await encoded(), options: { pictures: true } }
        const { document } = await pipelineWith(readWidth).read(request)
        const pictures = document.pages.map(({ picture }) => picture)
        assert.deepEqual(
          pictures.map((picture) => [picture?.mediaType, picture?.width, picture?.height]),
          document.pages.map(({ width, height }) => ['image/jpeg', width, height]),
        )
        const lengths = pictures.map((picture) => picture?.data.length ?? 0)
        const maxPdfBytes = lengths.reduce((sum, length) => sum + length)
        await pipelineWith(readWidth, { maxPdfBytes }).read(request)
        const { read, isClean } = pipelineWith(readWidth, { maxPdfBytes: maxPdfBytes - 1 })
        await assert.rejects(read(request), { kind: 'output_too_large' })
        assert.ok(isClean())
      })

      it('comes back with what was read when the time is over', async () => {
        const controller = new AbortController()
        const { read, isClean } = pipelineWith(async (path, ...rest) => {
          const hocr = await readWidth(path, ...rest)
          if (hocr.includes('100')) return hocr
          controller.abort(new OcrError('deadline_exceeded', 'Time is over.'))
          return await untilAborted(path, ...rest)
        })
        const { document } = await read({ image: await encoded() }, controller.signal)
        assert.deepEqual(
          document.pages.map(({ text, error }) => error?.code ?? text),
          ['100', ...Array(4).fill('deadline_exceeded')],
        )
        assert.ok(isClean())
      })

      it('stops all of them when the client goes away', async () => {
        const controller = new AbortController()
        const { read, isClean } = pipelineWith((...args) => {
          controller.abort(new OcrError('client_gone', 'Gone.'))
          return untilAborted(...args)
        })
        await assert.rejects(read({ image: await encoded() }, controller.signal), {
          kind: 'client_gone',
        })
        assert.ok(isClean())
      })
    })
  }
})
