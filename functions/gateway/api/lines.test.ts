import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as requestHttp } from 'node:http'
import { connect } from 'node:http2'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { answerFormats, details } from '../../contract/answer-formats.ts'
import { problemSchema, type StreamLine, streamLineSchema } from '../../contract/answers.ts'
import { OcrError } from '../../contract/errors.ts'
import { listen } from '../../platform/server.ts'
import { type FakeReader, fakeReader, never, recognizeBy } from '../fixtures/fake-reader.ts'
import { failing, fileIn, gateway, reading, unavailable } from '../fixtures/gateway.ts'
import { pageNumbered, pdf, resultOf, tiff } from '../fixtures/results.ts'
import { describeError } from '../problem.ts'

const path = '/v1/ocr?format=ndjson'

/** The lines as they are, each of which is as the contract says. */
async function linesOf(response: Response): Promise<StreamLine[]> {
  assert.equal(response.status, 200)
  const text = await response.text()
  assert.match(text, /\n$/)
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  const parsed = lines.map((line) => streamLineSchema.parse(line))
  assert.deepEqual(lines, parsed)
  return parsed
}

describe('an answer in NDJSON', () => {
  it('is a start, each page, and an end', async () => {
    const response = await gateway({ recognize: reading(2) }).request(path, fileIn())
    assert.equal(response.headers.get('content-type'), 'application/x-ndjson')
    const { pages: _pages, ...document } = resultOf([1, 2]).document
    assert.deepEqual(await linesOf(response), [
      { type: 'start', pageCount: 2, pages: [1, 2] },
      { type: 'page', done: 1, total: 2, page: pageNumbered(1) },
      { type: 'page', done: 2, total: 2, page: pageNumbered(2) },
      { type: 'end', document: { ...document, timings: resultOf([1, 2]).timings } },
    ])
  })

  for (const mediaType of answerFormats.ndjson.mediaTypes) {
    it(`is asked for by Accept: ${mediaType}`, async () => {
      const response = await gateway().request('/v1/ocr', fileIn({ accept: mediaType }))
      assert.equal(response.headers.get('content-type'), mediaType)
      assert.equal(response.headers.get('vary'), 'Accept')
      assert.equal((await linesOf(response)).length, 3)
    })
  }

  for (const detail of details) {
    it(`has the detail ${detail}`, async () => {
      const response = await gateway().request(`${path}&detail=${detail}`, fileIn())
      const [, line] = await linesOf(response)
      assert.ok(line?.type === 'page')
      assert.equal('blocks' in line.page, detail !== 'text')
      assert.equal(JSON.stringify(line).includes('"words":['), detail === 'words')
    })
  }

  it('has pages as they are read, and all of them before the end', async () => {
    const slow = Promise.withResolvers<void>()
    const reader = fakeReader(5, (first) => (first === 1 ? slow.promise : undefined))
    const { request } = gateway({ recognize: recognizeBy(reader) })
    const response = await request(path, fileIn({}, tiff))
    const chunks = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    const seen: string[] = []
    while (seen.length < 4) seen.push((await chunks?.read())?.value ?? '')
    slow.resolve()
    for (let read = await chunks?.read(); !read?.done; read = await chunks?.read()) {
      seen.push(read?.value ?? '')
    }
    const order = seen.map((line) => /"number":(\d)/.exec(line)?.[1])
    assert.deepEqual(order, [undefined, '3', '4', '5', '1', '2', undefined])
  })

  it('is an ordinary problem when it fails before the first line', async () => {
    const { request, held, admission } = gateway({ recognize: failing(unavailable) })
    const response = await request(path, fileIn())
    assert.equal(response.status, 503)
    assert.equal(response.headers.get('content-type'), 'application/problem+json')
    assert.equal(problemSchema.parse(await response.json()).code, 'model_unavailable')
    assert.deepEqual([held.visits, admission.admitted], [0, 0])
  })

  it('ends with the problem when it fails later', async () => {
    const reader = fakeReader(5, () => {
      throw new OcrError('engine_crashed', 'The engine failed on this page.')
    })
    const { request, held, admission } = gateway({ recognize: recognizeBy(reader) })
    const lines = await linesOf(await request(path, fileIn({ 'x-request-id': 'r1' }, pdf)))
    assert.deepEqual(
      lines.map(({ type }) => type),
      ['start', 'page', 'page', 'page', 'page', 'page', 'error'],
    )
    const problem = describeError(
      new OcrError('engine_crashed', 'The engine failed on this page.'),
      'r1',
    ).body
    assert.deepEqual(lines.at(-1), { type: 'error', problem })
    assert.deepEqual([held.visits, admission.admitted], [0, 0])
  })

  it('tells nothing of what was not foreseen', async () => {
    const reader = fakeReader(5, () => {
      throw new TypeError('no /var/secret')
    })
    const response = await gateway({ recognize: recognizeBy(reader) }).request(
      path,
      fileIn({}, pdf),
    )
    const lines = await linesOf(response)
    assert.equal(lines.at(-1)?.type, 'error')
    assert.match(JSON.stringify(lines.at(-1)), /"code":"internal"/)
    assert.doesNotMatch(JSON.stringify(lines), /secret|TypeError/)
  })

  it('holds its place and its visit to the last line', async () => {
    const { request, held, admission } = gateway({ recognize: reading(2) })
    const response = await request(path, fileIn())
    const chunks = response.body?.getReader()
    for (let line = 0; line < 4; line++) {
      assert.deepEqual([held.visits, admission.admitted], [1, 1])
      assert.equal((await chunks?.read())?.done, false)
    }
    assert.equal((await chunks?.read())?.done, true)
    assert.deepEqual([held.visits, admission.admitted], [0, 0])
  })

  it('gives them back when its reader stops', async () => {
    const { request, held, admission } = gateway({ recognize: reading(9) })
    const response = await request(path, fileIn())
    await response.body?.cancel()
    assert.deepEqual([held.visits, admission.admitted], [0, 0])
  })
})

describe('an answer in NDJSON, whose client hangs up', () => {
  /** A gateway on a port of its own, whose model reads the first two pages and no more. */
  async function startStuck(t: TestContext) {
    const reader = fakeReader(9, (first, call, attempt) =>
      first === 1 ? undefined : never(first, call, attempt),
    )
    const started = gateway({ recognize: recognizeBy(reader) })
    const { port, close } = await listen({
      fetch: started.app.fetch,
      describeError,
      host: '127.0.0.1',
      port: 0,
      receiveTimeoutMs: 10_000,
    })
    t.after(() => close(0))
    return { ...started, reader, port }
  }

  async function requireEnd(reader: FakeReader, started: Awaited<ReturnType<typeof startStuck>>) {
    while (reader.underWay > 0 || started.held.visits > 0) await pause(5)
    assert.equal(started.admission.admitted, 0)
    assert.equal(reader.asked.length, 4)
  }

  it('over HTTP/1.1, ends what is asked of the model and gives back what is held', async (t) => {
    const started = await startStuck(t)
    const { reader, port } = started
    const headers = { 'content-type': 'image/tiff' }
    const client = requestHttp({ port, path, method: 'POST', headers }).end(tiff)
    const [response] = await once(client, 'response')
    await once(response, 'data')
    while (reader.asked.length < 4) await pause(5)
    assert.equal(started.held.visits, 1)
    client.destroy()
    await requireEnd(reader, started)
  })

  it('over HTTP/2, ends what is asked of the model and gives back what is held', async (t) => {
    const started = await startStuck(t)
    const { reader, port } = started
    const session = connect(`http://127.0.0.1:${port}`)
    t.after(() => session.destroy())
    const headers = { ':method': 'POST', ':path': path, 'content-type': 'image/tiff' }
    const stream = session.request(headers).end(tiff)
    await once(stream, 'data')
    while (reader.asked.length < 4) await pause(5)
    assert.equal(started.held.visits, 1)
    stream.close()
    await requireEnd(reader, started)
  })
})
