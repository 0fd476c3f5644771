import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { createSlots } from '../platform/slots.ts'
import { createApp } from './app.ts'
import { exampleImage, exampleResult, protocolOptions } from './fixtures/protocol.ts'

const infer = '/v2/models/ocr-model/infer'
const data = [exampleImage.toString('base64')]
const body = JSON.stringify({
  inputs: [{ name: 'image', datatype: 'BYTES', shape: [1], data }],
})

describe('the model over HTTP', () => {
  it('is alive, which is what KServe asks at the root', async () => {
    const response = await createApp(protocolOptions()).request('/')
    assert.deepEqual(await response.json(), { status: 'alive' })
  })

  for (const [problem, path, init, status] of [
    ['an unknown path', '/v3', {}, 404],
    ['another method', infer, { method: 'PUT' }, 405],
    ['another method than POST', '/v2/repository/index', {}, 405],
  ] as const) {
    it(`answers ${problem} with ${status} and an error as the protocols have it`, async () => {
      const response = await createApp(protocolOptions()).request(path, init)
      assert.equal(response.status, status)
      assert.equal(response.headers.get('content-type'), 'application/json')
      assert.deepEqual(Object.keys((await response.json()) as object), ['error'])
    })
  }

  describe('compresses its answers', () => {
    const long = { ...exampleResult.document, text: 'long '.repeat(1_000) }
    const app = createApp(
      protocolOptions({ recognize: async () => ({ ...exampleResult, document: long }) }),
    )
    const post = (encoding: string, parameters: object = {}) => {
      const headers = { 'accept-encoding': encoding }
      const request = JSON.stringify({ ...JSON.parse(body), parameters })
      return app.request(infer, { method: 'POST', body: request, headers })
    }

    it('as JSON, when the client accepts it', async () => {
      const response = await post('gzip')
      assert.equal(response.headers.get('content-encoding'), 'gzip')
      const text = gunzipSync(Buffer.from(await response.arrayBuffer())).toString()
      assert.equal(JSON.parse(text).outputs[0].data[0], long.text)
    })

    it('as binary, with the length of the JSON as it is decompressed', async () => {
      const response = await post('gzip', { binary_data_output: true })
      const whole = gunzipSync(Buffer.from(await response.arrayBuffer()))
      const length = Number(response.headers.get('inference-header-content-length'))
      assert.equal(JSON.parse(String(whole.subarray(0, length))).model_name, 'ocr-model')
    })

    it('not for a client that does not accept it', async () => {
      for (const encoding of ['', 'identity', 'gzip;q=0', 'br']) {
        assert.equal((await post(encoding)).headers.get('content-encoding'), null, encoding)
      }
    })
  })
})

describe('the time that a caller waits', () => {
  const calls = {
    'v2 infer': [infer, body],
    'V1 predict': ['/v1/models/ocr-model:predict', JSON.stringify({ instances: data })],
  } as const

  /** A model with one slot, in which every page takes for ever. */
  const endless = (change: { requestTimeoutMs?: number } = {}) => {
    const slots = createSlots(1)
    const options = protocolOptions({
      ...change,
      async recognize(_request, signal) {
        using _slot = await slots.acquire(signal)
        return await new Promise<never>((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
        })
      },
    })
    return { app: createApp(options), isFree: () => slots.busy + options.admission.admitted === 0 }
  }

  for (const [call, [path, body]] of Object.entries(calls)) {
    const post = (timeout: string) => ({
      method: 'POST',
      body,
      headers: { 'ocr-timeout-ms': timeout },
    })
    const messageOf = async (response: Response) =>
      ((await response.json()) as { error: string }).error

    it(`ends a long page of ${call} early with 504 and frees its slot`, async () => {
      const { app, isFree } = endless()
      const response = await app.request(path, post('30'))
      assert.equal(response.status, 504)
      assert.equal(response.headers.get('ocr-error-kind'), 'deadline_exceeded')
      assert.equal(await messageOf(response), 'The request took longer than 0.03 s.')
      assert.ok(isFree())
    })

    it(`has no effect on ${call} beyond the time that the model gives`, async () => {
      const { app, isFree } = endless({ requestTimeoutMs: 40 })
      const response = await app.request(path, post('999999999'))
      assert.equal(await messageOf(response), 'The request took longer than 0.04 s.')
      assert.ok(isFree())
    })

    it(`has no effect on ${call} when it suffices`, async () => {
      const response = await createApp(protocolOptions()).request(path, post('60000'))
      assert.equal(response.status, 200)
    })

    it(`is refused by ${call} when it is none`, async () => {
      const response = await endless().app.request(path, post('soon'))
      assert.equal(response.status, 400)
      assert.match(await messageOf(response), /^The header ocr-timeout-ms must be/)
    })
  }
})
