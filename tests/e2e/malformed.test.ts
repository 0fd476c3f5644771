import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { receipt } from '../documents/corpus.ts'
import { type MalformedRequest, malformedRequests } from '../documents/malformed.ts'
import { inferJson } from '../services/requests.ts'
import { type Model, settle, startModel } from '../services/start.ts'

const limitMs = 100
/** The machine may be busy with something else; a request is slow if it is so every time. */
const tries = 10

describe('a malformed request', () => {
  let model: Model
  before(async () => {
    model = await startModel()
    await settle(model)
  })
  after(() => model.stop())

  async function send({ path, headers, body }: MalformedRequest) {
    const start = performance.now()
    const response = await fetch(`${model.url}${path}`, { method: 'POST', headers, body })
    const text = await response.text()
    return { response, text, ms: performance.now() - start }
  }

  const requests = malformedRequests()
  it(`is tried in ${requests.length} ways, at least 300`, () => assert.ok(requests.length >= 300))

  for (const request of requests) {
    it(`with ${request.problem} is the client's fault, and quickly so`, async () => {
      let fastest = Number.POSITIVE_INFINITY
      for (let count = 0; count < tries && fastest > limitMs; count++) {
        const { response, text, ms } = await send(request)
        assert.ok(response.status >= 400 && response.status < 500, `${response.status}: ${text}`)
        assert.equal(response.headers.get('content-type'), 'application/json')
        assert.deepEqual(Object.keys(JSON.parse(text)), ['error'])
        fastest = Math.min(fastest, ms)
      }
      assert.ok(fastest <= limitMs, `${fastest} ms`)
    })
  }

  /** The longest time for which the model gave no answer while something was done. */
  async function longestSilence(work: Promise<unknown>): Promise<number> {
    let longest = 0
    let isOver = false
    const over = work.finally(() => {
      isOver = true
    })
    while (!isOver) {
      const start = performance.now()
      await (await fetch(`${model.url}/v2/health/live`)).arrayBuffer()
      longest = Math.max(longest, performance.now() - start)
      await pause(1)
    }
    await over
    return longest
  }

  const size = 20 * 2 ** 20
  const path = '/v2/models/ocr-model/infer'
  const filled = (text: string) => Buffer.alloc(size, text)
  for (const [problem, body, headers] of [
    ['nested lists', filled('['), {}],
    ['nested objects', filled('{"a":'), {}],
    ['numbers', filled('1,'), {}],
    ['strings', filled('"",'), {}],
    ['white space', filled(' '), {}],
    ['digits', filled('7'), {}],
    ['escaped quotes', Buffer.concat([Buffer.from('"'), filled('\\"')]), {}],
    ['bytes that are no UTF-8', Buffer.concat([Buffer.from('"'), filled('\xff')]), {}],
    ['empty elements', filled('\0'), { 'inference-header-content-length': '2' }],
    ['nested lists, compressed', gzipSync(filled('[')), { 'content-encoding': 'gzip' }],
  ] as Array<[string, Buffer<ArrayBuffer>, Record<string, string>]>) {
    it(`of 20 MiB of ${problem} does not keep others waiting`, async () => {
      let shortest = Number.POSITIVE_INFINITY
      for (let count = 0; count < tries && shortest > limitMs; count++) {
        const sent = send({ problem, path, headers, body })
        shortest = Math.min(shortest, await longestSilence(sent))
        assert.equal((await sent).response.status, 400)
      }
      assert.ok(shortest <= limitMs, `${shortest} ms`)
    })
  }

  it('leaves the model able to read', async () => {
    const { text } = await inferJson(model, await receipt(1))
    assert.match(String(text), /^Receipt/)
  })
})
