import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { pdfOf, tiffOf } from '../../../tests/documents/containers.ts'
import { receipt } from '../../../tests/documents/corpus.ts'
import { OcrError } from '../../contract/errors.ts'
import { noTracing } from '../../platform/telemetry/tracing.ts'
import type { Engine } from '../engine/engine.ts'
import { metered } from '../fixtures/metered.ts'
import { hocrOf, type PipelineChange, pagesOfWidths, testPipeline } from '../fixtures/pipeline.ts'
import { recordedTracing } from '../fixtures/recorded-tracing.ts'
import { restrictLoaders } from '../image/loaders.ts'
import { createWorkspace, type Workspace } from '../workspace.ts'
import { createWorkObserver } from './work-observer.ts'

const readHi: Engine['recognize'] = async () => hocrOf('hi')

describe('the work on documents', () => {
  let parent: string
  let workspace: Workspace
  let image: Buffer

  before(async () => {
    restrictLoaders()
    parent = mkdtempSync('/dev/shm/observer-test-')
    workspace = await createWorkspace(parent)
    image = await receipt(1)
  })
  after(() => rmSync(parent, { recursive: true }))

  /** A pipeline whose work is seen, and what is seen of it. */
  function observed(recognize: Engine['recognize'] = readHi, change: PipelineChange = {}) {
    const { instruments, values } = metered()
    const { tracing, spans } = recordedTracing()
    const observer = createWorkObserver(instruments, tracing)
    const pipeline = testPipeline({ workspace, recognize, image }, { ...change, observer })
    return { ...pipeline, values, spans }
  }

  it('tells the size of each document that is taken in, by its type', async () => {
    const { read, count, values } = observed()
    const tiff = await tiffOf(pagesOfWidths(100))
    const pdf = Buffer.concat([Buffer.from('by mail\n'), await pdfOf(pagesOfWidths(100))])
    await read()
    await read({ image: tiff })
    await count({ image: pdf })
    await assert.rejects(read({ image: Buffer.from('a letter') }), { kind: 'unsupported_media' })
    await assert.rejects(read({ image: Buffer.alloc(0) }), { kind: 'invalid_request' })
    assert.deepEqual(await values('ocr_document_size_bytes_sum'), {
      png: image.length,
      tiff: tiff.length,
      pdf: pdf.length,
      unknown: 8,
    })
  })

  it('counts pages as they were read, their words and how sure they are, by language', async () => {
    const { read, values } = observed(async (_path, { lang }) =>
      lang === 'deu' ? hocrOf(' ') : hocrOf('hi'),
    )
    await read()
    await read({ image: await tiffOf(pagesOfWidths(100, 200)), options: { lang: 'eng+deu' } })
    await read({ options: { lang: 'deu' } })
    assert.deepEqual(await values('ocr_pages_total'), {
      'read eng': 1,
      'read eng+deu': 2,
      'empty deu': 1,
    })
    assert.deepEqual(await values('ocr_words_total'), { eng: 1, 'eng+deu': 2 })
    assert.deepEqual(await values('ocr_page_confidence_count'), { eng: 1, 'eng+deu': 2 })
    assert.equal((await values('ocr_page_confidence_sum'))['eng'], 0.91)
  })

  it('tells the pixels of pages that were read', async () => {
    const { read, values } = observed()
    await read({ image: await tiffOf(pagesOfWidths(100, 200)) })
    assert.deepEqual(await values('ocr_page_pixels_count'), { '': 2 })
    assert.deepEqual(await values('ocr_page_pixels_sum'), { '': 300 * 50 })
  })

  it('counts pages that failed, whether or not the document does', async () => {
    const { read, values, spans } = observed(undefined, { size: 2 })
    await read({ image: await tiffOf(pagesOfWidths(100, 200), 1) })
    assert.deepEqual(await values('ocr_pages_total'), { 'read eng': 1, 'failed eng': 1 })
    const half = read({ image: image.subarray(0, image.length / 2) })
    await assert.rejects(half, { kind: 'undecodable_image' })
    assert.deepEqual(await values('ocr_pages_total'), { 'read eng': 1, 'failed eng': 2 })
    const errors = spans.filter(({ name }) => name === 'page').map(({ error }) => error ?? '')
    assert.deepEqual(errors.sort(), ['', 'undecodable_image', 'undecodable_image'])
  })

  it('counts a page for which there was no engine, and none of a client that is gone', async () => {
    for (const [kind, pages] of [
      ['engine_unavailable', { 'failed eng': 1 }],
      ['client_gone', {}],
    ] as const) {
      const { read, values } = observed(() => Promise.reject(new OcrError(kind, 'No.')))
      await assert.rejects(read(), { kind })
      assert.deepEqual(await values('ocr_pages_total'), pages)
    }
  })

  it('times every step once, and those of the profile best for what they are', async () => {
    const { read, values } = observed()
    const steps = () => values('ocr_stage_duration_seconds_count')
    await read()
    const fast = { open: 1, decode: 1, normalize: 1, recognize: 1, parse: 1 }
    assert.deepEqual(await steps(), fast)
    await read({ withPdf: true })
    const twice = { open: 2, decode: 2, normalize: 2, recognize: 2, parse: 2, picture: 1 }
    assert.deepEqual(await steps(), twice)
    await read({ options: { profile: 'best' } })
    const { improve = 0, recognize = 0 } = await steps()
    // Each further reading is prepared, and what is left is for the choice.
    assert.ok(recognize > 3 && improve === recognize - 2, `${improve} ${recognize}`)
  })

  it('has a span for each page with its steps, and those of opening beside', async () => {
    const { read, spans } = observed()
    await read({ image: await tiffOf(pagesOfWidths(100, 200)), options: { pages: '2' } })
    assert.deepEqual(
      spans.map(({ name, parent }) => [name, parent]),
      [
        ['queue', undefined],
        ['open', undefined],
        ['queue', 'page'],
        ['decode', 'page'],
        ['normalize', 'page'],
        ['recognize', 'page'],
        ['parse', 'page'],
        ['page', undefined],
      ],
    )
    assert.deepEqual(spans.at(-1)?.attributes, { 'ocr.page.number': 2 })
  })

  it('tells how the time of a page that failed was spent', async () => {
    const { read, spans } = observed(() => Promise.reject(new OcrError('engine_crashed', 'No.')))
    await assert.rejects(read(), { kind: 'engine_crashed' })
    assert.deepEqual(
      spans.map(({ name, error }) => [name, error]),
      [
        ['open', undefined],
        ['queue', undefined],
        ['decode', undefined],
        ['normalize', undefined],
        ['recognize', undefined],
        ['page', 'engine_crashed'],
      ],
    )
  })

  it('counts pages that wait for a lane or a slot, until it is their turn or they give up', async () => {
    const page = Promise.withResolvers<string>()
    const { read, values, slots } = observed(() => page.promise)
    const waits = async () => [
      (await values('ocr_queue_pages'))[''],
      (await values('ocr_queue_wait_seconds_count'))[''] ?? 0,
    ]
    assert.deepEqual(await waits(), [0, 0])
    // The opening, and the first page; the second waits for a lane, and another request for a slot.
    const first = read({ image: await tiffOf(pagesOfWidths(100, 200)) })
    while (slots.busy === 0 || (await waits())[1] !== 2) await new Promise(setImmediate)
    const controller = new AbortController()
    const second = read({}, controller.signal)
    while (slots.waiting === 0) await new Promise(setImmediate)
    assert.deepEqual(await waits(), [2, 2])
    controller.abort(new OcrError('client_gone', 'Gone.'))
    await assert.rejects(second, { kind: 'client_gone' })
    assert.deepEqual(await waits(), [1, 2])
    page.resolve(hocrOf('hi'))
    await first
    assert.deepEqual(await waits(), [0, 3])
  })

  it('tells for how long a page has waited', async () => {
    const { instruments, values } = metered()
    const { wait } = createWorkObserver(instruments, noTracing)
    using waited = wait()
    await new Promise((resolve) => setTimeout(resolve, 20))
    waited.over()
    const seconds = (await values('ocr_queue_wait_seconds_sum'))[''] ?? 0
    assert.ok(seconds >= 0.019 && seconds < 5, String(seconds))
  })
})
