import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import exampleRequest from './examples/infer-request.json' with { type: 'json' }
import exampleResponse from './examples/infer-response.json' with { type: 'json' }
import {
  decodeOcrBatch,
  decodeOcrResult,
  encodeOcrRequest,
  encodeOcrResults,
  inputTensor,
  wantedOutputs,
} from './ocr-tensors.ts'
import type { InferRequest } from './v2.ts'
import { encodeInferResponse, parseInferRequest } from './v2-rest.ts'

const image = Buffer.from(exampleRequest.image, 'base64')

const requestWith = (
  change: Partial<InferRequest>,
  element: unknown = image.toString('base64'),
): InferRequest => ({
  id: undefined,
  parameters: {},
  inputs: [{ name: 'image', datatype: 'BYTES', shape: [1], parameters: {}, elements: [element] }],
  outputs: undefined,
  ...change,
})

describe('an OCR request', () => {
  it('is encoded as the example says', () => {
    const encoded = encodeOcrRequest({ image, options: exampleRequest.options })
    assert.equal(Buffer.concat(encoded.parts).toString('base64'), exampleRequest.body)
    assert.equal(
      String(encoded.jsonLength),
      exampleRequest.headers['inference-header-content-length'],
    )
    assert.equal(String(encoded.contentLength), exampleRequest.headers['content-length'])
  })

  it('is decoded to what was encoded', () => {
    const { parts, jsonLength } = encodeOcrRequest({ image, options: { psm: 6 } })
    const body = Buffer.concat(parts)
    const decoded = decodeOcrBatch(parseInferRequest(body, String(jsonLength), inputTensor))
    assert.deepEqual(decoded.options, { psm: 6 })
    assert.deepEqual(decoded.images.map(Buffer.from), [image])
  })

  it('tolerates the parameters that clients reserve for other servers', () => {
    const parameters = { binary_data_output: true, priority: 1, timeout: 5, triton_x: 'y', psm: 6 }
    assert.deepEqual(decodeOcrBatch(requestWith({ parameters })).options, { psm: 6 })
  })

  it('refuses an unknown parameter', () => {
    const request = requestWith({ parameters: { tessdata_dir: '/tmp' } })
    assert.throws(() => decodeOcrBatch(request), { message: /The options are/ })
  })

  for (const [problem, change] of Object.entries({
    'a second input': { inputs: [...requestWith({}).inputs, ...requestWith({}).inputs] },
    'another input': { inputs: [{ ...requestWith({}).inputs[0], name: 'picture' }] },
  })) {
    it(`refuses ${problem}`, () => {
      const request = requestWith(change as Partial<InferRequest>)
      assert.throws(() => decodeOcrBatch(request), { kind: 'invalid_request' })
    })
  }
})

const named = (name: string) => ({ name, parameters: {} })

describe('wantedOutputs', () => {
  it('is all of them but the PDF by default', () => {
    const all = ['text', 'confidence', 'document', 'hocr', 'tsv', 'alto']
    assert.deepEqual(wantedOutputs(requestWith({})), all)
  })

  it('is what the request names, in its order', () => {
    const names = ['confidence', 'text']
    assert.deepEqual(wantedOutputs(requestWith({ outputs: names.map(named) })), names)
  })

  it('refuses to give an output twice', () => {
    const outputs = ['text', 'text'].map(named)
    assert.throws(() => wantedOutputs(requestWith({ outputs })), { message: /twice/ })
  })

  it('refuses an unknown output and names the known ones', () => {
    assert.throws(() => wantedOutputs(requestWith({ outputs: [named('toString')] })), {
      message: 'Unknown output. The outputs are text, confidence, document, hocr, tsv, alto, pdf.',
    })
  })
})

describe('an OCR result', () => {
  const result = decodeOcrResult(exampleResponse)
  const answer = { modelName: 'ocr-model', modelVersion: '1', id: '42' }

  it('is encoded as the example says', () => {
    const encoded = encodeOcrResults([result], { ...answer, outputs: ['document'] })
    const { body } = encodeInferResponse(encoded, () => false)
    assert.deepEqual(JSON.parse(String(body)), exampleResponse)
  })

  it('has an element of the right type for each image in each output', () => {
    const results = [result, { ...result, document: { ...result.document, text: 'Other' } }]
    const encoded = encodeOcrResults(results, { ...answer, outputs: ['text', 'confidence'] })
    assert.deepEqual(
      encoded.outputs.map(({ datatype, shape, data }) => ({ datatype, shape, data })),
      [
        { datatype: 'BYTES', shape: [2], data: ['Total 12.50', 'Other'] },
        { datatype: 'FP32', shape: [2], data: [0.93, 0.93] },
      ],
    )
    assert.deepEqual(encoded.parameters, {
      complete: true,
      queueMs: 0.2,
      decodeMs: 8.4,
      recognizeMs: 63,
      parseMs: 0.8,
    })
  })

  for (const [problem, response] of Object.entries({
    'no response': 'x',
    'no document': { ...exampleResponse, outputs: [] },
    'a document that is none': {
      ...exampleResponse,
      outputs: [{ ...exampleResponse.outputs[0], data: ['{"text":1}'] }],
    },
    'no timings': { ...exampleResponse, parameters: {} },
  })) {
    it(`with ${problem} is a bad upstream`, () => {
      assert.throws(() => decodeOcrResult(response), { kind: 'bad_upstream' })
    })
  }
})
