import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Sharp } from 'sharp'
import type { OcrDocument } from '../../functions/contract/ocr.ts'
import { pdfOf, tiffOf } from '../documents/containers.ts'
import { sentences } from '../documents/corpus.ts'
import { renderText } from '../documents/render.ts'
import { metricOf } from '../resilience/load/metrics.ts'
import { inferJson } from '../services/requests.ts'
import { type Model, startModel } from '../services/start.ts'

/** Each page is a little higher than the one before. */
const pages = (): Promise<Sharp[]> =>
  Promise.all(
    sentences.map((sentence, index) =>
      renderText(`${sentence}.\n${'\n'.repeat(index)}Nothing else is written here.`),
    ),
  )

describe('documents of several pages, read by tesseract', () => {
  let folder: string
  let model: Model

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ocr-documents-'))
    model = await startModel({ OCR_ENGINE_PROCESSES: '2' })
  })
  after(async () => {
    await model.stop()
    rmSync(folder, { recursive: true })
  })

  const pagesGiven = () => metricOf(model, 'ocr_engine_recognition_duration_seconds_count')
  const infer = (image: Buffer, parameters: object = {}, outputs?: string[]) =>
    inferJson(model, image, {
      parameters,
      ...(outputs && { outputs: outputs.map((name) => ({ name })) }),
    })
  const read = async (image: Buffer, parameters: object = {}): Promise<OcrDocument> =>
    JSON.parse(String((await infer(image, parameters, ['document']))['document']))

  for (const [format, encode] of Object.entries({
    TIFF: (images: Sharp[], damaged?: number) => tiffOf(images, damaged),
    PDF: (images: Sharp[], damaged?: number) =>
      pdfOf(images, damaged === undefined ? {} : { damaged }),
  })) {
    describe(format, () => {
      it('comes back page by page, in order', async () => {
        const document = await read(await encode(await pages()))
        assert.deepEqual(
          document.pages.map(({ number }) => number),
          [1, 2, 3, 4, 5],
        )
        for (const [index, page] of document.pages.entries()) {
          assert.ok(page.text.startsWith(sentences[index] ?? '?'), page.text)
        }
        assert.equal(document.text.split('\f').length, 5)
        assert.ok(document.complete)
      })

      it('comes back without a damaged page, whose place holds the error', async () => {
        const document = await read(await encode(await pages(), 2))
        assert.deepEqual(
          document.pages.map(({ error, text }) => error?.code ?? text.split('.')[0]),
          sentences.with(2, 'undecodable_image'),
        )
        assert.equal(document.complete, false)
        assert.deepEqual(
          model.workFiles().filter((name) => /\.(tif|pdf)$/.test(name)),
          [],
        )
      })

      it('comes back as every output from one reading of each page', async () => {
        const before = await pagesGiven()
        const all = ['text', 'confidence', 'document', 'hocr', 'tsv', 'alto', 'pdf', 'page_count']
        const document = await encode(await pages())
        const outputs = await infer(document, { pages: '2-4' }, all)
        const { text, hocr, tsv, alto, pdf, page_count } = outputs
        assert.deepEqual([(await pagesGiven()) - before, page_count], [3, 5])
        assert.ok(String(text).startsWith(sentences[1] ?? '?'))
        assert.deepEqual(String(hocr).match(/id="page_\d+"/g), [
          'id="page_2"',
          'id="page_3"',
          'id="page_4"',
        ])
        const rows = String(tsv).trim().split('\n').slice(1)
        assert.deepEqual([...new Set(rows.map((row) => row.split('\t')[1]))], ['2', '3', '4'])
        assert.deepEqual(
          String(alto).match(/PHYSICAL_IMG_NR="\d+"/g),
          [2, 3, 4].map((number) => `PHYSICAL_IMG_NR="${number}"`),
        )
        const path = join(folder, 'searchable.pdf')
        writeFileSync(path, Buffer.from(String(pdf), 'base64'))
        const found = spawnSync('pdftotext', [path, '-'], { encoding: 'utf8' }).stdout
        assert.deepEqual(
          found.split('\f').map((page) => page.split('.')[0]),
          [...sentences.slice(1, 4), ''],
        )
      })

      it('tells how many pages it has without one of them being read', async () => {
        const before = await pagesGiven()
        const outputs = await infer(await encode(await pages()), { pages: '2-4' }, ['page_count'])
        assert.deepEqual(outputs, { page_count: 5 })
        assert.equal(await pagesGiven(), before)
      })
    })
  }
})
