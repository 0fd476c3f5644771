import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import exampleRequest from './examples/infer-request.json' with { type: 'json' }
import exampleResponse from './examples/infer-response.json' with { type: 'json' }
import {
  decodeOcrRequest,
  decodeOcrResult,
  encodeOcrRequest,
  encodeOcrResult,
  wantedOutputs,
} from './ocr-tensors.ts'
import type { InferRequest } from './v2.ts'
import { parseInferRequest } from './v2.ts'

const image = Buffer.from(exampleRequest.image, 'base64')

const requestWith = (change: Partial<InferRequest>, element: unknown = 'aGk='): InferRequest => ({
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
    const decoded = decodeOcrRequest(parseInferRequest(Buffer.concat(parts), String(jsonLength)))
    assert.deepEqual(decoded.options, { psm: 6 })
    assert.deepEqual(Buffer.from(decoded.image), image)
  })

  it('is decoded from base64', () => {
    const decoded = decodeOcrRequest(requestWith({}, image.toString('base64')))
    assert.deepEqual(decoded.image, image)
  })

  for (const text of ['not base64!', 'a', 'aGk', 'a b=', '€€€€', 'aGk=aGk=']) {
    const isValid = text === 'aGk'
    it(`${isValid ? 'takes' : 'refuses'} the base64 text "${text}"`, () => {
      const decode = () => decodeOcrRequest(requestWith({}, text))
      if (isValid) assert.equal(decode().image.length, 2)
      else assert.throws(decode, { kind: 'invalid_request' })
    })
  }

  it('tolerates the parameters that clients reserve for other servers', () => {
    const parameters = { binary_data_output: true, priority: 1, timeout: 5, triton_x: 'y', psm: 6 }
    assert.deepEqual(decodeOcrRequest(requestWith({ parameters })).options, { psm: 6 })
  })

  it('refuses an unknown parameter', () => {
    const request = requestWith({ parameters: { tessdata_dir: '/tmp' } })
    assert.throws(() => decodeOcrRequest(request), { message: /The options are/ })
  })

  for (const [problem, change] of Object.entries({
    'a second input': { inputs: [...requestWith({}).inputs, ...requestWith({}).inputs] },
    'another input': { inputs: [{ ...requestWith({}).inputs[0], name: 'picture' }] },
    'another datatype': { inputs: [{ ...requestWith({}).inputs[0], datatype: 'FP32' }] },
    'two images': { inputs: [{ ...requestWith({}).inputs[0], elements: ['aGk=', 'aGk='] }] },
    'a number as image': { inputs: [{ ...requestWith({}).inputs[0], elements: [7] }] },
  })) {
    it(`refuses ${problem}`, () => {
      const request = requestWith(change as Partial<InferRequest>)
      assert.throws(() => decodeOcrRequest(request), { kind: 'invalid_request' })
    })
  }
})

describe('wantedOutputs', () => {
  it('is all of them by default', () => {
    assert.deepEqual(wantedOutputs(requestWith({})), ['text', 'confidence', 'document'])
  })

  it('is what the request names, in its order', () => {
    const outputs = ['confidence', 'text']
    assert.deepEqual(wantedOutputs(requestWith({ outputs })), outputs)
  })

  it('refuses to give an output twice', () => {
    const outputs = ['text', 'text']
    assert.throws(() => wantedOutputs(requestWith({ outputs })), { message: /twice/ })
  })

  it('refuses an unknown output and names the known ones', () => {
    assert.throws(() => wantedOutputs(requestWith({ outputs: ['toString'] })), {
      message: 'Unknown output. The outputs are text, confidence, document.',
    })
  })
})

describe('an OCR result', () => {
  const result = decodeOcrResult(exampleResponse)
  const answer = { modelName: 'ocr-model', id: '42' }

  it('is encoded as the example says', () => {
    const encoded = encodeOcrResult(result, { ...answer, outputs: ['document'] })
    assert.deepEqual(encoded, exampleResponse)
  })

  it('has one element of the right type in each output', () => {
    const { outputs } = encodeOcrResult(result, { ...answer, outputs: ['text', 'confidence'] })
    assert.deepEqual(
      outputs.map(({ datatype, shape, data }) => ({ datatype, shape, data })),
      [
        { datatype: 'BYTES', shape: [1], data: ['Total 12.50'] },
        { datatype: 'FP32', shape: [1], data: [0.93] },
      ],
    )
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
