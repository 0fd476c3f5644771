import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import exampleResponse from '../contract/examples/infer-response.json' with { type: 'json' }
import { decodeOcrResult } from '../contract/ocr-tensors.ts'
import { createRecognize } from './recognize.ts'

const result = decodeOcrResult(exampleResponse)
const request = { image: Buffer.from('x'), options: {} }
const { signal: never } = new AbortController()

describe('recognize', () => {
  it('joins the document and the times', async () => {
    const recognize = createRecognize({
      inferenceClient: { recognize: async () => result },
      modelTimeoutMs: 1000,
    })
    const answer = await recognize(request, {}, never)
    assert.deepEqual(answer, { ...result.document, timings: result.timings })
  })

  it('limits the time for the model', async () => {
    const recognize = createRecognize({
      inferenceClient: {
        recognize: (_request, _headers, signal) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason))
          }),
      },
      modelTimeoutMs: 10,
    })
    await assert.rejects(recognize(request, {}, never), { kind: 'deadline_exceeded' })
  })
})
