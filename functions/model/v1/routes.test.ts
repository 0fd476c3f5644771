import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createApp } from '../app.ts'
import { exampleImage, exampleResult, protocolOptions } from '../fixtures/protocol.ts'

const b64 = exampleImage.toString('base64')
const post = (body: unknown) => ({ method: 'POST', body: JSON.stringify(body) })

describe('the V1 protocol', () => {
  const app = createApp(protocolOptions())

  for (const [path, expected] of Object.entries({
    '/v1/models': { models: ['ocr-model'] },
    '/v1/models/ocr-model': { name: 'ocr-model', ready: true },
  })) {
    it(`answers GET ${path}`, async () => {
      const response = await app.request(path)
      assert.equal(response.status, 200)
      assert.deepEqual(await response.json(), expected)
    })
  }

  it('has as many predictions as there are instances', async () => {
    const instances = [b64, { b64 }, { image: { b64 } }]
    const response = await app.request('/v1/models/ocr-model:predict', post({ instances }))
    assert.equal(response.status, 200)
    const { document } = exampleResult
    assert.deepEqual(await response.json(), { predictions: [document, document, document] })
  })

  it('takes a colon that is percent-encoded', async () => {
    const response = await app.request('/v1/models/ocr-model%3Apredict', post({ instances: [b64] }))
    assert.equal(response.status, 200)
  })

  for (const [problem, path, body, status] of [
    ['an unknown model', '/v1/models/other:predict', { instances: [b64] }, 404],
    ['an explanation', '/v1/models/ocr-model:explain', { instances: [b64] }, 501],
    ['no verb', '/v1/models/ocr-model', { instances: [b64] }, 501],
    ['no instances', '/v1/models/ocr-model:predict', {}, 400],
    ['five instances', '/v1/models/ocr-model:predict', { instances: Array(5).fill(b64) }, 400],
  ] as const) {
    it(`answers ${problem} with ${status}`, async () => {
      const response = await app.request(path, post(body))
      assert.equal(response.status, status)
      assert.equal(response.headers.get('content-type'), 'application/json')
      assert.equal(typeof ((await response.json()) as { error: unknown }).error, 'string')
    })
  }

  it('is not ready while the model starts', async () => {
    const starting = createApp(protocolOptions({ isReady: false }))
    assert.equal((await starting.request('/v1/models/ocr-model')).status, 503)
    const request = post({ instances: [b64] })
    assert.equal((await starting.request('/v1/models/ocr-model:predict', request)).status, 503)
  })
})
