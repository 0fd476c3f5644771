import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pino } from 'pino'
import { OcrError } from '../contract/errors.ts'
import exampleRequest from '../contract/examples/infer-request.json' with { type: 'json' }
import exampleResponse from '../contract/examples/infer-response.json' with { type: 'json' }
import { decodeOcrResult, type OcrRequest } from '../contract/ocr-tensors.ts'
import { createAdmission } from '../platform/admission.ts'
import { createApp } from './app.ts'
import type { OcrPipeline } from './ocr-pipeline.ts'

const result = decodeOcrResult(exampleResponse)
const infer = '/v2/models/ocr-model/infer'

function model(
  options: { isReady?: boolean; limit?: number; recognize?: OcrPipeline['recognize'] } = {},
) {
  const { isReady = true, limit = 8, recognize = async () => result } = options
  return createApp({
    log: pino({ level: 'silent' }),
    modelName: 'ocr-model',
    version: '1.2.3',
    lifecycle: { isReady, isDraining: false },
    pipeline: { recognize },
    admission: createAdmission({ limit }),
    maxBodyBytes: 10_000,
    requestTimeoutMs: 10_000,
  })
}

const post = (body: string | Buffer, headers: Record<string, string> = {}) => ({
  method: 'POST',
  body,
  headers,
})
const jsonBody = (change: object = {}) =>
  JSON.stringify({
    inputs: [{ name: 'image', datatype: 'BYTES', shape: [1], data: [exampleRequest.image] }],
    ...change,
  })

describe('the Open Inference Protocol over HTTP', () => {
  for (const [path, expected] of Object.entries({
    '/': { status: 'alive' },
    '/v2': { name: 'ocr-model', version: '1.2.3', extensions: [] },
    '/v2/health/live': { live: true },
    '/v2/health/ready': { ready: true },
    '/v2/models/ocr-model/ready': { name: 'ocr-model', ready: true },
    '/v2/models/ocr-model': {
      name: 'ocr-model',
      platform: 'tesseract',
      inputs: [{ name: 'image', datatype: 'BYTES', shape: [1] }],
      outputs: [
        { name: 'text', datatype: 'BYTES', shape: [1] },
        { name: 'confidence', datatype: 'FP32', shape: [1] },
        { name: 'document', datatype: 'BYTES', shape: [1] },
      ],
    },
  })) {
    it(`answers GET ${path}`, async () => {
      const response = await model().request(path)
      assert.equal(response.status, 200)
      assert.deepEqual(await response.json(), expected)
    })
  }

  it('is alive but not ready while it starts', async () => {
    const app = model({ isReady: false })
    assert.equal((await app.request('/v2/health/live')).status, 200)
    for (const path of ['/v2/health/ready', '/v2/models/ocr-model/ready']) {
      const response = await app.request(path)
      assert.equal(response.status, 503)
      assert.equal(response.headers.get('retry-after'), '1')
    }
    assert.equal((await app.request(infer, post(jsonBody()))).status, 503)
  })

  for (const path of ['/v2/models/other', '/v2/models/other/ready']) {
    it(`answers GET ${path} with 404 and names the model that there is`, async () => {
      const response = await model().request(path)
      assert.equal(response.status, 404)
      assert.deepEqual(await response.json(), { error: 'The model served here is ocr-model.' })
    })
  }
})

describe('infer', () => {
  it('takes an image as base64 and echoes the id', async () => {
    const seen: OcrRequest[] = []
    const app = model({
      recognize: async (request) => {
        seen.push(request)
        return result
      },
    })
    const body = jsonBody({ id: '42', parameters: { psm: 6 }, outputs: [{ name: 'text' }] })
    const response = await app.request(infer, post(body))
    assert.equal(response.status, 200)
    assert.deepEqual(seen, [
      { image: Buffer.from(exampleRequest.image, 'base64'), options: { psm: 6 } },
    ])
    assert.deepEqual(await response.json(), {
      model_name: 'ocr-model',
      id: '42',
      parameters: result.timings,
      outputs: [
        {
          name: 'text',
          datatype: 'BYTES',
          shape: [1],
          data: ['Total 12.50'],
          parameters: { content_type: 'str' },
        },
      ],
    })
  })

  it('answers the example request of the contract with the example response', async () => {
    const body = Buffer.from(exampleRequest.body, 'base64')
    const response = await model().request(infer, post(body, exampleRequest.headers))
    const { id, ...rest } = (await response.json()) as typeof exampleResponse
    const { id: _exampleId, ...example } = exampleResponse
    assert.deepEqual(rest, example)
    assert.match(id, /^[0-9a-f-]{36}$/)
  })

  for (const [problem, status, request] of [
    ['no JSON', 400, post('{')],
    [
      'an output asked for twice',
      400,
      post(jsonBody({ outputs: Array(9).fill({ name: 'text' }) })),
    ],
    ['thousands of inputs', 400, post(`{"inputs":[${'1,'.repeat(4_000)}1]}`)],
    ['an unknown output', 400, post(jsonBody({ outputs: [{ name: 'x' }] }))],
    ['an unknown option', 400, post(jsonBody({ parameters: { x: 1 } }))],
    ['psm 99', 400, post(jsonBody({ parameters: { psm: 99 } }))],
    [
      'a header length beyond the body',
      400,
      post('{}', { 'inference-header-content-length': '9' }),
    ],
    ['a body beyond the limit', 413, post('x'.repeat(10_001))],
  ] as const) {
    it(`answers ${problem} with ${status} and an error in JSON, without the pipeline`, async () => {
      const app = model({ recognize: () => assert.fail('the pipeline was called') })
      const response = await app.request(infer, request)
      assert.equal(response.status, status)
      assert.equal(response.headers.get('content-type'), 'application/json')
      const body = (await response.json()) as { error: string }
      assert.deepEqual(Object.keys(body), ['error'])
      assert.equal(typeof body.error, 'string')
    })
  }

  it('answers a failure by its kind', async () => {
    const app = model({
      recognize: async () => {
        throw new OcrError('undecodable_image', 'Damaged.')
      },
    })
    const response = await app.request(infer, post(jsonBody()))
    assert.equal(response.status, 422)
    assert.equal(response.headers.get('ocr-error-kind'), 'undecodable_image')
    assert.deepEqual(await response.json(), { error: 'Damaged.' })
  })

  it('refuses a request when all places are taken, and has its place again afterwards', async () => {
    const page = Promise.withResolvers<typeof result>()
    const app = model({ limit: 1, recognize: () => page.promise })
    const first = app.request(infer, post(jsonBody()))
    const refused = new Request(`http://host${infer}`, post(jsonBody()))
    const second = await app.request(refused)
    assert.equal(second.status, 429)
    assert.equal(refused.bodyUsed, true)
    assert.equal(second.headers.get('retry-after'), '1')
    page.resolve(result)
    assert.equal((await first).status, 200)
    assert.equal((await app.request(infer, post(jsonBody()))).status, 200)
  })

  it('tells the pipeline when the client goes away', async () => {
    const controller = new AbortController()
    const app = model({
      recognize: (_request, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
          controller.abort()
        }),
    })
    const response = await app.request(infer, { ...post(jsonBody()), signal: controller.signal })
    assert.equal(response.headers.get('ocr-error-kind'), 'client_gone')
  })
})
