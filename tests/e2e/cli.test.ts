import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { runOcr } from '../../cli/fixtures/run-ocr.ts'
import { answerSchemas, streamLineSchema } from '../../functions/contract/answers.ts'
import { tiffOf } from '../documents/containers.ts'
import { sentences } from '../documents/corpus.ts'
import { renderText } from '../documents/render.ts'
import { type Model, type Service, startGateway, startModel } from '../services/start.ts'

describe('the command line, with gateway, model and tesseract', () => {
  const invoice = 'examples/invoice.png'
  const three = sentences.slice(0, 3)
  let folder: string
  let scan: string
  let damaged: string
  let model: Model
  let gateway: Service

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ocr-cli-e2e-'))
    scan = join(folder, 'scan.tif')
    damaged = join(folder, 'damaged.tif')
    const pages = await Promise.all(three.map((sentence) => renderText(`${sentence}.`)))
    writeFileSync(scan, await tiffOf(pages))
    writeFileSync(damaged, await tiffOf(pages, 1))
    model = await startModel({ OCR_ENGINE_PROCESSES: '2' })
    gateway = await startGateway(model, { OCR_ACCESS: 'open' })
  })
  after(async () => {
    await gateway.stop()
    await model.stop()
    rmSync(folder, { recursive: true })
  })

  const ocr = (...args: string[]) => runOcr(args, { url: gateway.url })
  /** The sentence of each page. */
  const firstsOf = (text: string) => text.split('\f').map((page) => page.split('.')[0])

  it('prints the text of an image and of every page of a document', async () => {
    const { code, stdout, stderr } = await ocr('-q', invoice, scan)
    assert.deepEqual([code, stderr], [0, ''])
    assert.match(stdout, /^Green Valley Seeds\n/)
    assert.match(stdout, /^Total 20\.60$/m)
    for (const sentence of three) assert.ok(stdout.includes(`${sentence}.`), stdout)
  })

  it('reads the standard input', async () => {
    const stdin = readFileSync(invoice)
    const { code, stdout } = await runOcr([], { url: gateway.url, stdin })
    assert.equal(code, 0)
    assert.match(stdout, /^Green Valley Seeds\n/)
  })

  for (const detail of ['words', 'lines', 'text'] as const) {
    it(`prints ${detail} in JSON as the contract has them`, async () => {
      const { code, stdout } = await ocr('-f', 'json', '--detail', detail, '--pages', '2-', scan)
      assert.equal(code, 0)
      const answer = answerSchemas[detail].parse(JSON.parse(stdout))
      assert.deepEqual(firstsOf(answer.text), three.slice(1))
      assert.deepEqual(
        answer.pages.map(({ number }) => number),
        [2, 3],
      )
    })
  }

  it('prints a line of NDJSON for each page', async () => {
    const { code, stdout } = await ocr('-f', 'ndjson', scan)
    assert.equal(code, 0)
    const lines = stdout.trimEnd().split('\n')
    const events = lines.map((line) => streamLineSchema.parse(JSON.parse(line)))
    assert.deepEqual(
      events.map(({ type }) => type),
      ['start', 'page', 'page', 'page', 'end'],
    )
  })

  it('writes a PDF that can be searched', async () => {
    const { code, stderr } = await ocr('-f', 'pdf', '-o', join(folder, 'out'), invoice, scan)
    assert.deepEqual([code, stderr], [0, ''])
    const textIn = (name: string) =>
      spawnSync('pdftotext', [join(folder, 'out', name), '-'], { encoding: 'utf8' }).stdout
    assert.match(textIn('invoice.ocr.pdf'), /Green Valley Seeds/)
    assert.deepEqual(firstsOf(textIn('scan.ocr.pdf')), [...three, ''])
  })

  it('tells a page that cannot be read, and prints the others', async () => {
    const { code, stdout, stderr } = await ocr(damaged)
    assert.equal(code, 1)
    assert.match(stderr, /^ocr: \S+damaged\.tif: page 2: .+ \(undecodable_image\)\n$/)
    assert.deepEqual(firstsOf(stdout), [three[0], '\n', three[2]])
  })

  it('tells that a page is missing in a format that cannot say so', async () => {
    const { code, stdout, stderr } = await ocr('-f', 'tsv', damaged)
    assert.equal(code, 1)
    assert.match(stderr, /^ocr: \S+damaged\.tif: Not every page could be read/)
    assert.match(stdout, /^level\t/)
  })

  it('tells what is wrong with a file, and with an option that only the gateway can judge', async () => {
    const text = join(folder, 'notes.txt')
    writeFileSync(text, 'This is no image.')
    const refused = await ocr(text)
    assert.equal(refused.code, 1)
    assert.match(refused.stderr, /^ocr: \S+notes\.txt: .+ \(unsupported_media\)\n$/)
    const unknown = await ocr('--lang', 'xyz', invoice)
    assert.equal(unknown.code, 1)
    assert.match(unknown.stderr, /\(unknown_language\)\n$/)
  })

  it('lists the languages', async () => {
    const { code, stdout } = await ocr('--languages')
    assert.equal(code, 0)
    assert.match(stdout, /^eng +English \(default\)$/m)
  })
})
