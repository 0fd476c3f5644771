import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { documentSchema, type OcrDocument } from '../../functions/contract/ocr.ts'
import { installedTessdata } from '../../functions/model/fixtures/installation.ts'
import { blankPage, createCorpus, receipt } from '../documents/corpus.ts'
import { createRandom, shuffled } from '../documents/random.ts'
import { inferBinary, inferJson, upload } from '../services/requests.ts'
import { type Model, type Service, startGateway, startModel } from '../services/start.ts'
import { wordErrorRate } from './words.ts'

const corpus = await createCorpus()

describe('a document through gateway, model and tesseract', () => {
  let model: Model
  let gateway: Service
  let folder: string

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ocr-e2e-'))
    model = await startModel()
    gateway = await startGateway(model)
  })
  after(async () => {
    await gateway.stop()
    await model.stop()
    rmSync(folder, { recursive: true })
  })

  const read = async (image: Buffer): Promise<OcrDocument> => {
    const response = await upload(gateway, image)
    assert.equal(response.status, 200, await response.clone().text())
    return documentSchema.parse(await response.json())
  }

  const plainTesseract = (image: Buffer): string => {
    const path = join(folder, 'plain')
    writeFileSync(path, image)
    const env = { ...process.env, OMP_THREAD_LIMIT: '1' }
    return spawnSync('tesseract', [path, '-'], { env, encoding: 'utf8' }).stdout.trimEnd()
  }

  for (const { name, image, text, isLossless } of corpus) {
    it(`reads the ${name}`, async () => {
      const document = await read(image)
      assert.ok(wordErrorRate(text, document.text) <= 0.05, document.text)
      assert.ok(document.confidence > 0.8)
      assert.deepEqual(document.warnings, [])
    })

    if (isLossless) {
      it(`reads the ${name} exactly as plain tesseract does`, async () => {
        assert.equal((await read(image)).text, plainTesseract(image))
      })
    }
  }

  it('gives words with boxes that lie on the page, in the pixels of the upload', async () => {
    const { pages } = await read(corpus[0]?.image ?? Buffer.alloc(0))
    const [page] = pages
    assert.ok(page)
    const lines = page.blocks.flatMap(({ paragraphs }) => paragraphs.flatMap(({ lines }) => lines))
    const [dear] = lines[0]?.words ?? []
    assert.equal(dear?.text, 'Dear')
    assert.ok(Math.abs((dear?.box.x ?? 0) - 40) < 8 && Math.abs((dear?.box.y ?? 0) - 40) < 16)
    for (const { box } of lines) {
      assert.ok(box.x >= 0 && box.x + box.width <= page.width)
      assert.ok(box.y >= 0 && box.y + box.height <= page.height)
    }
  })

  it('reads a blank page as no text, and says so', async () => {
    const document = await read(await blankPage())
    assert.deepEqual([document.text, document.confidence], ['', 0])
    assert.deepEqual(
      document.warnings.map(({ code }) => code),
      ['no_text'],
    )
  })

  it('gives the same text by base64, by binary tensor and through the gateway', async () => {
    const image = await receipt(1)
    const { text } = await read(image)
    const json = await inferJson(model, image)
    const binary = await inferBinary(model, image)
    assert.ok(text.startsWith('Receipt'))
    assert.equal(json['text'], text)
    assert.deepEqual(binary, json)
  })

  it('gives the same bytes for 200 receipts in random order as one by one', async () => {
    const seeds = Array.from({ length: 200 }, (_, index) => index)
    const images = await Promise.all(seeds.map(receipt))
    const readAll = async (order: number[], atOnce: number) => {
      const documents = new Map<number, unknown>()
      const queue = [...order]
      const lane = async () => {
        for (let seed = queue.shift(); seed !== undefined; seed = queue.shift()) {
          const output = await inferJson(model, images[seed] ?? Buffer.alloc(0))
          assert.equal(typeof output['document'], 'string')
          documents.set(seed, output['document'])
        }
      }
      await Promise.all(Array.from({ length: atOnce }, lane))
      return seeds.map((seed) => documents.get(seed))
    }
    const oneByOne = await readAll(seeds, 1)
    assert.deepEqual(await readAll(shuffled(createRandom(7), seeds), 8), oneByOne)
  })

  for (const engine of ['warm', 'oneshot']) {
    it(`reads with language data from a directory of its own (${engine})`, async (t) => {
      const tessdata = await installedTessdata()
      copyFileSync(join(tessdata, 'eng.traineddata'), join(folder, 'tlh.traineddata'))
      const more = await startModel({ OCR_TESSDATA: folder, OCR_ENGINE: engine })
      t.after(() => more.stop())
      const image = await receipt(3)
      const { text } = await inferJson(more, image, { parameters: { lang: 'tlh' } })
      assert.equal(text, (await inferJson(model, image))['text'])
    })
  }

  it('reads with the oneshot engine what it reads with the warm one', async (t) => {
    const oneshot = await startModel({ OCR_ENGINE: 'oneshot' })
    t.after(() => oneshot.stop())
    const image = await receipt(2)
    assert.deepEqual(await inferJson(oneshot, image), await inferJson(model, image))
  })
})
