import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import {
  answerSchemas,
  languagesSchema,
  type StreamLine,
} from '../../functions/contract/answers.ts'
import type { OcrDocument } from '../../functions/contract/ocr.ts'
import { pdfOf, tiffOf } from '../documents/containers.ts'
import { sentences } from '../documents/corpus.ts'
import { renderText } from '../documents/render.ts'
import { inferJson } from '../services/requests.ts'
import { type Model, type Service, startGateway, startModel } from '../services/start.ts'
import { until } from '../services/until.ts'

type Headers = Record<string, string>

const fivePages = () => Promise.all(sentences.map((sentence) => renderText(`${sentence}.`)))

/** What is told in JSON but for the times. */
async function documentOf(answer: Response): Promise<OcrDocument> {
  const { timings: _timings, ...document } = answerSchemas.words.parse(await answer.json())
  return document
}

describe('the API of the gateway, with tesseract', () => {
  const image = readFileSync('examples/invoice.png')
  let model: Model
  let gateway: Service
  before(async () => {
    model = await startModel({ OCR_ENGINE_PROCESSES: '2' })
    gateway = await startGateway(model)
  })
  after(async () => {
    await gateway.stop()
    await model.stop()
  })

  const post = (query: string, body: NonNullable<RequestInit['body']>, headers: Headers = {}) =>
    fetch(`${gateway.url}/v1/ocr${query}`, { method: 'POST', body, headers })
  const send = (query: string, file: Buffer, headers: Headers = {}) =>
    post(query, new Uint8Array(file), { 'content-type': 'application/octet-stream', ...headers })

  it('reads the same text however a file is sent', async () => {
    const form = new FormData()
    form.append('file', new Blob([new Uint8Array(image)]), 'invoice.png')
    const json = JSON.stringify({ file: image.toString('base64') })
    const answers = [
      await post('?format=text', form),
      await post('?format=text', json, { 'content-type': 'application/json' }),
      await send('?format=text', image),
      await send('?format=text', image, { 'content-type': 'image/png' }),
      // As curl says of --data-binary.
      await send('?format=text', image, { 'content-type': 'application/x-www-form-urlencoded' }),
    ]
    const texts = await Promise.all(answers.map((answer) => answer.text()))
    assert.match(texts[0] ?? '', /Green Valley Seeds/)
    assert.deepEqual([...new Set(texts)], [texts[0]])
  })

  it('answers in the formats of the model, byte by byte', async () => {
    const outputs = await inferJson(model, image, {
      outputs: ['hocr', 'tsv', 'alto', 'document'].map((name) => ({ name })),
    })
    for (const format of ['hocr', 'tsv', 'alto']) {
      const answer = await send(`?format=${format}`, image)
      assert.equal(await answer.text(), outputs[format], format)
    }
    const document = await documentOf(await send('', image))
    assert.deepEqual(document, JSON.parse(String(outputs['document'])))
  })

  it('answers with a PDF in which the text can be found', async () => {
    const pdf = await pdfOf(await fivePages())
    const answer = await send('?pages=2-3', pdf, { accept: 'application/pdf' })
    assert.equal(answer.headers.get('content-type'), 'application/pdf')
    const input = Buffer.from(await answer.arrayBuffer())
    const text = spawnSync('pdftotext', ['-', '-'], { input, encoding: 'utf8' }).stdout
    const found = text.split('\f').map((page) => page.split('.')[0])
    assert.deepEqual(found, [...sentences.slice(1, 3), ''])
  })

  it('sends the first page of a PDF before the last has been read', async () => {
    const answer = await send('?format=ndjson&detail=text', await pdfOf(await fivePages()))
    const lines: Array<{ line: StreamLine; at: number }> = []
    let rest = ''
    for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const parts = (rest + chunk).split('\n')
      rest = parts.pop() ?? ''
      for (const part of parts) lines.push({ line: JSON.parse(part), at: performance.now() })
    }
    assert.equal(rest, '')
    assert.deepEqual(
      lines.map(({ line }) => line.type),
      ['start', 'page', 'page', 'page', 'page', 'page', 'end'],
    )
    const [first, last] = [lines[1], lines[5]]
    // Two engines read five pages in three turns.
    assert.ok(first && last && last.at - first.at > 50, `${first?.at} and ${last?.at}`)
    const texts = new Map(
      lines.flatMap(({ line }) =>
        line.type === 'page' ? [[line.page.number, line.page.text]] : [],
      ),
    )
    for (const [index, sentence] of sentences.entries()) {
      assert.equal(texts.get(index + 1), `${sentence}.`)
    }
  })

  for (const [name, encode] of [
    ['TIFF', (damaged?: number) => fivePages().then((pages) => tiffOf(pages, damaged))],
    [
      'PDF',
      (damaged?: number) =>
        fivePages().then((pages) => pdfOf(pages, damaged === undefined ? {} : { damaged })),
    ],
  ] as const) {
    it(`joins a ${name} that was asked for in ranges as if it had been asked for at once`, async () => {
      const file = await encode(2)
      const joined = await documentOf(await send('', file))
      const outputs = await inferJson(model, file, { outputs: [{ name: 'document' }] })
      const atOnce: OcrDocument = JSON.parse(String(outputs['document']))
      assert.deepEqual(joined, atOnce)
      assert.deepEqual(
        [joined.complete, joined.pages[2]?.error?.code],
        [false, 'undecodable_image'],
      )
    })
  }

  it('tells of a document that has no page to read', async () => {
    const answer = await send('?pages=7', await tiffOf(await fivePages()))
    assert.equal(answer.status, 400)
    assert.match(await answer.text(), /the document has 5/)
  })

  it('does not read a file again whose answer the client has', async () => {
    const read = () => model.log().split('/infer').length
    // The line of a request comes after its answer.
    const untilRead = (count: number) => until(() => read() >= count || undefined)
    const before = read()
    const etag = (await send('?psm=6', image)).headers.get('etag') ?? ''
    await untilRead(before + 1)
    const answer = await send('?psm=6', image, { 'if-none-match': `"other", ${etag}` })
    assert.deepEqual([answer.status, await answer.text()], [304, ''])
    assert.equal(answer.headers.get('etag'), etag)
    assert.equal((await send('?psm=4', image, { 'if-none-match': etag })).status, 200)
    await untilRead(before + 2)
    assert.equal(read(), before + 2)
  })

  it('lists the languages of the model', async () => {
    const answer = await (await fetch(`${gateway.url}/v1/languages`)).json()
    const { default: first, languages } = languagesSchema.parse(answer)
    assert.equal(first, 'eng')
    assert.ok(languages.some(({ name }) => name === 'English'))
  })
})
