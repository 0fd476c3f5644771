import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, describe, it } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { type ErrorKind, errorKindHeader, errorTable } from '../../functions/contract/errors.ts'
import { receipt } from '../documents/corpus.ts'
import { memoryMiB, processesWith } from '../services/processes.ts'
import { readingsOf } from '../services/progress.ts'
import { type Model, startModel } from '../services/start.ts'
import { until } from '../services/until.ts'

const fixture = 'functions/model/engine/fixtures/fake-tesseract'
const pageTimeoutMs = 1_000
/** Time in which the next page is read, with whatever has to be started for it. */
const backMs = 8_000

/** A page of the fixture: the name of the file that it was given, and its process. */
const fixturePage = /^\d+\.tif \d+$/

/** What an engine does by the language that it is asked for, and how that ends for its page. */
const faults: ReadonlyArray<{ does: string; lang: string; kind: ErrorKind }> = [
  { does: 'hangs', lang: 'sleeps', kind: 'page_timeout' },
  { does: 'hangs and ignores SIGTERM', lang: 'hangs', kind: 'page_timeout' },
  { does: 'hangs while it loads', lang: 'hangs_at_start', kind: 'page_timeout' },
  { does: 'exits with 1 at once', lang: 'dies_at_start', kind: 'engine_unavailable' },
  { does: 'crashes before it reads', lang: 'crashes_at_start', kind: 'engine_unavailable' },
  { does: 'exits while it reads', lang: 'crashes', kind: 'engine_crashed' },
  { does: 'crashes in the middle of its page', lang: 'crashes_halfway', kind: 'engine_crashed' },
  { does: 'crashes, and its own child does not', lang: 'crashes_alone', kind: 'page_timeout' },
  { does: 'ends well after half a page', lang: 'ends_halfway', kind: 'engine_crashed' },
  { does: 'is silent after half a page', lang: 'sleeps_halfway', kind: 'page_timeout' },
  { does: 'writes without end', lang: 'floods', kind: 'output_too_large' },
  { does: 'hangs and complains', lang: 'complains_and_hangs', kind: 'page_timeout' },
  { does: 'adds to its page', lang: 'adds_a_line_at_once', kind: 'page_timeout' },
  { does: 'gives two pages for one', lang: 'repeats_at_once', kind: 'engine_crashed' },
]

/** What an engine may do without harm to a page: each is read, one right after the other. */
const oddities: ReadonlyArray<{ does: string; lang: string; text?: RegExp }> = [
  { does: 'crashes after its page', lang: 'crashes_afterwards' },
  { does: 'complains without end', lang: 'complains_endlessly' },
  { does: 'writes bytes that are no UTF-8', lang: 'mumbles', text: /^caf\ufffd \ufffd+$/ },
  { does: 'writes more when its page is out', lang: 'adds_a_line' },
  { does: 'writes a second page when the first is out', lang: 'repeats' },
]

describe('an engine that', () => {
  let folder: string
  let program: string
  let model: Model
  let image: string
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ocr-misbehaving-'))
    program = join(folder, 'tesseract')
    copyFileSync(fixture, program)
    mkdirSync(join(folder, 'tessdata'))
    writeFileSync(join(folder, 'tessdata', 'pdf.ttf'), '')
    for (const lang of ['fine', ...[...faults, ...oddities].map((fault) => fault.lang)])
      writeFileSync(join(folder, 'tessdata', `${lang}.traineddata`), '')
    model = await startModel({
      OCR_TESSERACT: program,
      OCR_LANG: 'fine',
      OCR_ENGINE_PROCESSES: '1',
      OCR_PAGE_TIMEOUT_MS: String(pageTimeoutMs),
    })
    image = (await receipt(1)).toString('base64')
  })
  after(async () => {
    const code = await model.stop()
    rmSync(folder, { recursive: true })
    assert.equal(code, 0)
    await until(() => processesWith(folder).length === 0 || undefined)
  })

  /** All that engines are and have started; they have nothing of the service's environment. */
  function ofEngines(): number[] {
    const ofService = processesWith(`OCR_TESSERACT=${program}`)
    return processesWith(program).filter((other) => !ofService.includes(other))
  }

  async function read(lang: string) {
    const input = { name: 'image', datatype: 'BYTES', shape: [1], data: [image] }
    const body = JSON.stringify({ inputs: [input], parameters: { lang } })
    const signal = AbortSignal.timeout(backMs)
    const id = { 'x-request-id': `asks-for-${lang}` }
    const response = await fetch(model.inferUrl, { method: 'POST', body, signal, headers: id })
    const { status, headers } = response
    return { status, kind: headers.get(errorKindHeader), body: await response.text() }
  }

  async function textOf(lang: string): Promise<string> {
    const { status, body } = await read(lang)
    assert.equal(status, 200, body)
    return JSON.parse(body).outputs[0].data[0]
  }

  /** The next good page is read by the same service, and nothing is left of the engines before. */
  afterEach(async () => {
    const start = performance.now()
    await until(async () => (await read('fine')).status === 200 || undefined)
    const ms = performance.now() - start
    assert.ok(ms < backMs, `${ms} ms`)
    assert.match(await textOf('fine'), fixturePage)
    await until(() => isDeepStrictEqual(ofEngines(), model.engines()) || undefined)
    assert.equal(model.engines().length, 1)
    assert.ok(model.workFiles().every((name) => !name.endsWith('.tif')))
    assert.equal(model.child.exitCode, null)
  })

  async function assertFails(lang: string, kind: ErrorKind): Promise<void> {
    const before = readingsOf(model)
    const answer = await read(lang)
    assert.deepEqual([answer.status, answer.kind], [errorTable[kind].status, kind], answer.body)
    assert.deepEqual(Object.keys(JSON.parse(answer.body)), ['error'])
    assert.doesNotMatch(answer.body, /\/(?:tmp|dev|usr|work)\b|complain|cannot load|at .*:\d+/)
    await until(() => readingsOf(model) > before || undefined)
    assert.equal(readingsOf(model), before + 1)
  }

  for (const { does, lang, kind } of faults) {
    it(`${does} is answered with ${kind}`, () => assertFails(lang, kind))
  }

  for (const { does, lang, text = fixturePage } of oddities) {
    it(`${does} has its page read, and the next one`, async () => {
      const texts = [await textOf(lang), await textOf(lang)]
      for (const found of texts) assert.match(found, text)
      if (text === fixturePage) assert.notEqual(texts[0]?.split(' ')[0], texts[1]?.split(' ')[0])
    })
  }

  it('is not there any more is answered with engine_unavailable until it is back', async () => {
    const away = join(folder, 'away')
    renameSync(program, away)
    try {
      await assertFails('sleeps', 'engine_unavailable')
      await until(async () => {
        const response = await fetch(`${model.url}/v2/health/ready`)
        return response.status === 503 || undefined
      })
      await assertFails('fine', 'engine_unavailable')
    } finally {
      renameSync(away, program)
    }
  })

  it('crashes is told of in the log with the id of the request', async () => {
    const { kind } = await read('crashes')
    const lines = model.log().trim().split('\n')
    const last = lines.map((line) => JSON.parse(line)).findLast(({ msg }) => msg === 'page failed')
    assert.deepEqual([last?.requestId, last?.kind], ['asks-for-crashes', kind])
  })

  it('wrote and complained without end has taken no memory of the service', () => {
    assert.ok(memoryMiB(model) < 400, `${memoryMiB(model)} MiB`)
  })
})
