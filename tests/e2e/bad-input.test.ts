import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { densePage, receipt } from '../documents/corpus.ts'
import { pngOf } from '../documents/png-file.ts'
import { cpuTicksOf } from '../services/processes.ts'
import { upload } from '../services/requests.ts'
import { type Model, type Service, startGateway, startModel } from '../services/start.ts'

const MiB = 2 ** 20

const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"><text y="50">hi</text></svg>'

describe('bad input', () => {
  let model: Model
  let gateway: Service
  let image: Buffer
  const engineTime = () => model.engines().map((pid) => [pid, cpuTicksOf(pid)])

  before(async () => {
    model = await startModel()
    gateway = await startGateway(model)
    image = await receipt(1)
  })
  after(async () => {
    await gateway.stop()
    await model.stop()
  })

  /** Sends something and asserts that no engine has worked for it. */
  async function refusal(send: () => Promise<Response>): Promise<Response> {
    const before = engineTime()
    const response = await send()
    assert.deepEqual(engineTime(), before)
    assert.deepEqual(
      model.workFiles().filter((name) => name.endsWith('.tif')),
      [],
    )
    return response
  }

  const form = (body: string, type: string) => () =>
    fetch(`${gateway.url}/gateway/ocr`, { method: 'POST', body, headers: { 'content-type': type } })
  const fetchWithQuery = (query: string) => {
    const body = new FormData()
    body.append('image_file', new Blob([new Uint8Array(image)]))
    return fetch(`${gateway.url}/gateway/ocr?${query}`, { method: 'POST', body })
  }

  const uploads: Array<[string, number, string, () => Promise<Response>]> = [
    ['an empty file', 400, 'invalid_request', () => upload(gateway, Buffer.alloc(0))],
    ['text', 415, 'unsupported_media', () => upload(gateway, Buffer.from('Dear Sir or Madam,'))],
    [
      'a file that holds a path',
      415,
      'unsupported_media',
      () => upload(gateway, Buffer.from('/etc/hostname\n')),
    ],
    [
      'HTML',
      415,
      'unsupported_media',
      () => upload(gateway, Buffer.from('<!DOCTYPE html><html><body>hi</body></html>')),
    ],
    ['SVG', 415, 'unsupported_media', () => upload(gateway, Buffer.from(svg))],
    [
      'a truncated PNG',
      422,
      'undecodable_image',
      async () => upload(gateway, (await densePage()).subarray(0, 30_000)),
    ],
    [
      'a PNG of 20,000 x 20,000 pixels',
      422,
      'image_too_large',
      () => upload(gateway, pngOf({ width: 20_000, height: 20_000 })),
    ],
    [
      'an upload of 21 MiB',
      413,
      'payload_too_large',
      () => upload(gateway, Buffer.alloc(21 * MiB)),
    ],
    ['no boundary', 400, 'invalid_request', form('--b--', 'multipart/form-data')],
    ['no form', 415, 'unsupported_media', form('{}', 'text/plain')],
    ['psm 99', 400, 'invalid_request', () => fetchWithQuery('psm=99')],
    ['an unknown language', 400, 'unknown_language', () => fetchWithQuery('lang=xyz')],
    ['a language that is a path', 400, 'invalid_request', () => fetchWithQuery('lang=../../x')],
    ['an unknown option', 400, 'invalid_request', () => fetchWithQuery('debug_file=/tmp/x')],
  ]

  for (const [problem, status, code, send] of uploads) {
    it(`as ${problem} is answered with ${status} ${code} by the gateway`, async () => {
      const response = await refusal(send)
      assert.equal(response.status, status)
      assert.equal(response.headers.get('content-type'), 'application/problem+json')
      const body = await response.text()
      assert.equal(JSON.parse(body).code, code)
      const hostname = readFileSync('/etc/hostname', 'utf8').trim()
      assert.ok(!body.includes(hostname) && !/\/(?:tmp|dev|usr|etc)\//.test(body), body)
    })
  }

  it('in the wrong field is answered by naming the right one', async () => {
    const response = await refusal(() => {
      const body = new FormData()
      body.append('file', new Blob([new Uint8Array(image)]))
      return fetch(`${gateway.url}/gateway/ocr`, { method: 'POST', body })
    })
    assert.equal(response.status, 400)
    assert.match(await response.text(), /image_file/)
  })

  it('in an unknown language is answered by listing those installed', async () => {
    const response = await refusal(() => fetchWithQuery('lang=xyz'))
    assert.match(await response.text(), /Installed: .*\beng\b/)
  })

  const post = (path: string, body: string) => () =>
    fetch(`${model.url}/v2/models/${path}`, { method: 'POST', body })
  const request = (change: object) =>
    JSON.stringify({
      inputs: [{ name: 'image', datatype: 'BYTES', shape: [1], data: ['aGk='], ...change }],
    })

  for (const [problem, status, send] of [
    ['invalid JSON', 400, post('ocr-model/infer', '{"inputs":[')],
    ['a shape that does not match', 400, post('ocr-model/infer', request({ shape: [2] }))],
    ['text for base64', 400, post('ocr-model/infer', request({ data: ['not base64!'] }))],
    ['base64 of text', 400, post('ocr-model/infer', request({}))],
    [
      'an object with base64 of text',
      415,
      post('ocr-model/infer', request({ data: [{ b64: 'aGk=' }] })),
    ],
    ['an unknown model', 404, post('other/infer', request({}))],
    ['a body of 29 MiB', 413, post('ocr-model/infer', 'x'.repeat(29 * MiB))],
  ] as Array<[string, number, () => Promise<Response>]>) {
    it(`as ${problem} is answered with ${status} by the model`, async () => {
      const response = await refusal(send)
      assert.equal(response.status, status)
      assert.equal(response.headers.get('content-type'), 'application/json')
      const body = (await response.json()) as { error: string }
      assert.deepEqual(Object.keys(body), ['error'])
    })
  }

  it('leaves the service able to read', async () => {
    assert.equal((await upload(gateway, image)).status, 200)
  })
})
