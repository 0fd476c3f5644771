import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { receipt } from '../../tests/documents/corpus.ts'
import { OcrError } from '../contract/errors.ts'
import type { Engine } from './engine/engine.ts'
import { restrictLoaders } from './image/loaders.ts'
import { createOcrPipeline } from './ocr-pipeline.ts'
import { createSlots } from './slots.ts'
import { createWorkspace, type Workspace } from './workspace.ts'

const hocr = `<div class='ocr_page' title='bbox 0 0 9 9'><div class='ocr_carea' title='bbox 1 1 2 2'>
  <p class='ocr_par' title='bbox 1 1 2 2'><span class='ocr_line' title='bbox 1 1 2 2'>
  <span class='ocrx_word' title='bbox 1 1 2 2; x_wconf 91'>hi</span></span></p></div></div>`
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

  function pipelineWith(recognize: Engine['recognize'], pageTimeoutMs = 30_000) {
    const slots = createSlots(1)
    const pipeline = createOcrPipeline({
      rules: { maxImageBytes: 1e6, defaultLang: 'eng', languages: ['eng'] },
      slots,
      workspace,
      engine: { recognize, close: () => Promise.resolve() },
      engineVersion: '5',
      limits: { maxPixels: 1e7, enginePixels: 1e7, pageTimeoutMs },
    })
    const isClean = () => slots.busy === 0 && readdirSync(workspace.path).length === 0
    return { pipeline, slots, isClean }
  }

  it('hands the engine a file of its own making and returns the document and the times', async () => {
    const seen: unknown[] = []
    const { pipeline, isClean } = pipelineWith(async (path, options) => {
      seen.push(path.startsWith(workspace.path), options)
      return hocr
    })
    const { document, timings } = await pipeline.recognize({ image, options: {} }, never)
    assert.deepEqual(seen, [true, { lang: 'eng', psm: 3 }])
    assert.equal(document.text, 'hi')
    assert.deepEqual(document.engine, { name: 'tesseract', version: '5', lang: 'eng', psm: 3 })
    assert.deepEqual(Object.keys(timings), ['queueMs', 'decodeMs', 'recognizeMs', 'parseMs'])
    assert.ok(isClean())
  })

  for (const [problem, request] of Object.entries({
    'an unknown language': { options: { lang: 'xyz' } },
    'an empty image': { image: Buffer.alloc(0) },
    'text for an image': { image: Buffer.from('/etc/hostname\n') },
    'half an image': {},
  })) {
    it(`never troubles the engine with ${problem}`, async () => {
      const { pipeline, isClean } = pipelineWith(() => assert.fail('the engine was called'))
      const half = image.subarray(0, image.length / 2)
      const broken = { image: half, options: {}, ...request }
      await assert.rejects(pipeline.recognize(broken, never), OcrError)
      assert.ok(isClean())
    })
  }

  it('gives slot and file back when the engine fails', async () => {
    const { pipeline, isClean } = pipelineWith(async () => {
      throw new OcrError('engine_crashed', 'Crashed.')
    })
    await assert.rejects(pipeline.recognize({ image, options: {} }, never), {
      kind: 'engine_crashed',
    })
    assert.ok(isClean())
  })

  it('limits the time for a page', async () => {
    const { pipeline, isClean } = pipelineWith(
      (_path, _options, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
        }),
      20,
    )
    await assert.rejects(pipeline.recognize({ image, options: {} }, never), {
      kind: 'deadline_exceeded',
    })
    assert.ok(isClean())
  })

  it('lets a request stop waiting for its slot', async () => {
    const page = Promise.withResolvers<string>()
    const { pipeline, slots } = pipelineWith(() => page.promise)
    const first = pipeline.recognize({ image, options: {} }, never)
    const controller = new AbortController()
    const second = pipeline.recognize({ image, options: {} }, controller.signal)
    controller.abort(new OcrError('client_gone', 'Gone.'))
    await assert.rejects(second, { kind: 'client_gone' })
    assert.equal(slots.waiting, 0)
    page.resolve(hocr)
    await first
  })
})
