import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import exampleResponse from './examples/infer-response.json' with { type: 'json' }
import exampleBinary from './examples/infer-response-binary.json' with { type: 'json' }
import {
  encodeOcrResults,
  encodePageCounts,
  outputTensors,
  wantedOutputs,
  wantsPageCountOnly,
} from './ocr-outputs.ts'
import { decodeOcrResult } from './ocr-tensors.ts'
import type { InferRequest } from './v2.ts'
import { encodeInferResponse } from './v2-rest.ts'

const request = (outputs: readonly string[] | undefined): InferRequest => ({
  id: undefined,
  parameters: {},
  inputs: [],
  outputs: outputs?.map((name) => ({ name, parameters: {} })),
})

describe('wantedOutputs', () => {
  it('is all of them but the PDF by default', () => {
    const outputs = ['text', 'confidence', 'document', 'hocr', 'tsv', 'alto', 'page_count']
    assert.deepEqual(wantedOutputs(request(undefined)), outputs)
  })

  it('is what the request names, in its order', () => {
    const names = ['confidence', 'text']
    assert.deepEqual(wantedOutputs(request(names)), names)
  })

  it('refuses to give an output twice', () => {
    assert.throws(() => wantedOutputs(request(['text', 'text'])), { message: /twice/ })
  })

  it('refuses an unknown output and names the known ones', () => {
    assert.throws(() => wantedOutputs(request(['toString'])), {
      message:
        'Unknown output. The outputs are text, confidence, document, hocr, tsv, alto, pdf, page_count.',
    })
  })
})

describe('wantsPageCountOnly', () => {
  it('is true for the number of pages alone', () => {
    assert.equal(wantsPageCountOnly(['page_count']), true)
    assert.equal(wantsPageCountOnly(['page_count', 'text']), false)
    assert.equal(wantsPageCountOnly(wantedOutputs(request(undefined))), false)
  })
})

const answer = { modelName: 'ocr-model', modelVersion: '1', id: '42' }

describe('encodeOcrResults', () => {
  const result = decodeOcrResult(Buffer.from(JSON.stringify(exampleResponse)), undefined)

  it('writes what the examples say', () => {
    const encoded = encodeOcrResults([result], ['document'], answer)
    const asJson = encodeInferResponse(encoded, () => false)
    assert.deepEqual(JSON.parse(String(asJson.body)), exampleResponse)
    const { headerLength, body } = encodeInferResponse(encoded, () => true)
    assert.equal(Buffer.from(body).toString('base64'), exampleBinary.body)
    assert.equal(String(headerLength), exampleBinary.headers['inference-header-content-length'])
  })

  it('has an element of the right type for each image in each output', () => {
    const other = { ...result.document, text: 'Other', pageCount: 3 }
    const results = [result, { ...result, document: other }]
    const names = ['text', 'confidence', 'page_count'] as const
    const encoded = encodeOcrResults(results, names, answer)
    assert.deepEqual(
      encoded.outputs.map(({ datatype, shape, data }) => ({ datatype, shape, data })),
      [
        { datatype: 'BYTES', shape: [2], data: ['Total 12.50', 'Other'] },
        { datatype: 'FP32', shape: [2], data: [0.93, 0.93] },
        { datatype: 'INT32', shape: [2], data: [1, 3] },
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
})

describe('encodePageCounts', () => {
  it('has a number for each file, in the one output', () => {
    assert.deepEqual(encodePageCounts([1, 12], answer), {
      model_name: 'ocr-model',
      model_version: '1',
      id: '42',
      parameters: {},
      outputs: [{ name: 'page_count', datatype: 'INT32', shape: [2], data: [1, 12] }],
    })
  })
})

describe('outputTensors', () => {
  it('has the datatype of each output', () => {
    const datatypes = Object.fromEntries(
      outputTensors.map(({ name, datatype }) => [name, datatype]),
    )
    assert.partialDeepStrictEqual(datatypes, {
      text: 'BYTES',
      confidence: 'FP32',
      pdf: 'BYTES',
      page_count: 'INT32',
    })
  })
})
