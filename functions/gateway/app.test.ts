import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pino } from 'pino'
import { OcrError } from '../contract/errors.ts'
import exampleResponse from '../contract/examples/infer-response.json' with { type: 'json' }
import { decodeOcrResult } from '../contract/ocr-tensors.ts'
import { createAdmission } from '../platform/admission.ts'
import { createApp } from './app.ts'
import type { Recognize } from './recognize.ts'

const { document, timings } = decodeOcrResult(exampleResponse)
const answer = { ...document, timings }
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

function gateway(recognize: Recognize = async () => answer, limit = 8) {
  return createApp({
    log: pino({ level: 'silent' }),
    lifecycle: { isDraining: false },
    admission: createAdmission({ limit }),
    recognize,
    maxUploadBytes: 1000,
  })
}

function upload(headers: Record<string, string> = {}) {
  const body = new FormData()
  body.append('image_file', new Blob(['image bytes']))
  return { method: 'POST', body, headers }
}

describe('the gateway', () => {
  it('answers its probes without asking for the model', async () => {
    const app = gateway(() => assert.fail('the model was called'))
    for (const path of ['/livez', '/readyz']) assert.equal((await app.request(path)).status, 200)
  })

  it('answers an upload with the document and the times', async () => {
    const response = await gateway().request('/gateway/ocr', upload())
    assert.equal(response.status, 200)
    assert.deepEqual(await response.json(), answer)
    assert.deepEqual(Object.keys(answer).sort(), [
      'complete',
      'confidence',
      'engine',
      'pageCount',
      'pages',
      'quality',
      'text',
      'timings',
      'warnings',
    ])
  })

  it('passes the request id and the trace context on', async () => {
    const seen: unknown[] = []
    const app = gateway(async (_request, headers) => {
      seen.push(headers)
      return answer
    })
    await app.request('/gateway/ocr', upload({ 'x-request-id': 'r1', traceparent }))
    assert.deepEqual(seen, [{ 'x-request-id': 'r1', traceparent }])
  })

  it('answers an error as problem+json', async () => {
    const app = gateway(async () => {
      throw new OcrError('model_unavailable', 'Not there.', { retryAfterSeconds: 2 })
    })
    const response = await app.request('/gateway/ocr', upload({ 'x-request-id': 'r1' }))
    assert.equal(response.status, 503)
    assert.equal(response.headers.get('content-type'), 'application/problem+json')
    assert.equal(response.headers.get('retry-after'), '2')
    assert.deepEqual(await response.json(), {
      type: 'urn:ocr:problem:model_unavailable',
      title: 'The model cannot be reached',
      status: 503,
      detail: 'Not there.',
      code: 'model_unavailable',
      requestId: 'r1',
    })
  })

  it('refuses an upload when too many are held, and takes the next', async () => {
    const model = Promise.withResolvers<typeof answer>()
    const app = gateway(() => model.promise, 1)
    const first = app.request('/gateway/ocr', upload())
    assert.equal((await app.request('/gateway/ocr', upload())).status, 429)
    model.resolve(answer)
    assert.equal((await first).status, 200)
    assert.equal((await app.request('/gateway/ocr', upload())).status, 200)
  })
})
