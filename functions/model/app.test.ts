import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gunzipSync } from 'node:zlib'
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
