import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { create, type MessageInitShape } from '@bufbuild/protobuf'
import type { InferResponse } from '../../contract/v2.ts'
import {
  InferTensorContentsSchema,
  ModelInferRequestSchema,
  ModelInferResponseSchema,
} from './generated/inference_pb.ts'
import { readInferRequest, writeInferResponse } from './tensors.ts'

const refused = { name: 'OcrError', kind: 'invalid_request' }
const bytes = Buffer.from('hi')
const raw = Buffer.concat([Buffer.from([2, 0, 0, 0]), bytes])
const head = { name: 'image', datatype: 'BYTES', shape: [1n] }
const contents = { bytesContents: [bytes] }

type Request = MessageInitShape<typeof ModelInferRequestSchema>
const read = (request: Request) => readInferRequest(create(ModelInferRequestSchema, request))
const elementsOf = (request: Request) => Array.from(read(request).inputs[0]?.elements ?? [])

describe('readInferRequest', () => {
  it('reads typed contents', () => {
    assert.deepEqual(elementsOf({ inputs: [{ ...head, contents }] }), [bytes])
    const uint8 = { ...head, datatype: 'UINT8', shape: [2n], contents: { uintContents: [1, 2] } }
    assert.deepEqual(elementsOf({ inputs: [uint8] }), [1, 2])
  })

  it('reads raw contents', () => {
    assert.deepEqual(elementsOf({ inputs: [head], rawInputContents: [raw] }), [bytes])
    const uint8 = { ...head, datatype: 'UINT8', shape: [6n] }
    assert.deepEqual(elementsOf({ inputs: [uint8], rawInputContents: [raw] }), [...raw])
  })

  it('reads id, parameters and wanted outputs', () => {
    const request = read({
      id: '42',
      inputs: [{ ...head, contents }],
      outputs: [{ name: 'text' }],
      parameters: {
        psm: { parameterChoice: { case: 'int64Param', value: 6n } },
        lang: { parameterChoice: { case: 'stringParam', value: 'eng' } },
        priority: { parameterChoice: { case: 'uint64Param', value: 1n } },
        sequence_start: { parameterChoice: { case: 'boolParam', value: true } },
        timeout: { parameterChoice: { case: 'doubleParam', value: 0.5 } },
      },
    })
    assert.equal(request.id, '42')
    assert.deepEqual(request.outputs, [{ name: 'text', parameters: {} }])
    assert.deepEqual(request.parameters, {
      psm: 6,
      lang: 'eng',
      priority: 1,
      sequence_start: true,
      timeout: 0.5,
    })
  })

  it('takes an id of 256 characters', () => {
    const id = 'x'.repeat(256)
    assert.equal(read({ id, inputs: [{ ...head, contents }] }).id, id)
  })

  it('takes no id and no outputs for not given', () => {
    const request = read({ inputs: [{ ...head, contents }] })
    assert.deepEqual([request.id, request.outputs], [undefined, undefined])
  })

  for (const [problem, request] of Object.entries({
    'fewer raw contents than inputs': { inputs: [head, head], rawInputContents: [raw] },
    'more raw contents than inputs': { inputs: [head], rawInputContents: [raw, raw] },
    'raw and typed contents together': {
      inputs: [{ ...head, contents }],
      rawInputContents: [raw],
    },
    'big-endian lengths': { inputs: [head], rawInputContents: [Buffer.from([0, 0, 0, 2, 1, 2])] },
    'no contents at all': { inputs: [head] },
    'another count than the shape': { inputs: [{ ...head, shape: [2n], contents }] },
    'a negative dimension': { inputs: [{ ...head, shape: [-1n], contents }] },
    'a huge dimension': { inputs: [{ ...head, shape: [2n ** 62n], contents }] },
    'nine dimensions': { inputs: [{ ...head, shape: Array(9).fill(1n), contents }] },
    'an unknown datatype': { inputs: [{ ...head, datatype: 'STRING', contents }] },
    'another datatype than bytes': { inputs: [{ ...head, datatype: 'FP32', contents }] },
    'an id of 257 characters': { id: 'x'.repeat(257), inputs: [{ ...head, contents }] },
    'seventeen inputs': { inputs: Array(17).fill({ ...head, contents }) },
    'sixty-five outputs': { outputs: Array(65).fill({ name: 'text' }) },
    'a parameter without a value': { parameters: { psm: {} } },
  } satisfies Record<string, Request>)) {
    it(`refuses ${problem}`, () => assert.throws(() => read(request), refused))
  }
})

describe('writeInferResponse', () => {
  const response: InferResponse = {
    model_name: 'm',
    model_version: '1',
    id: '42',
    parameters: { queueMs: 0.5 },
    outputs: [
      {
        name: 'text',
        datatype: 'BYTES',
        shape: [1],
        data: ['hi'],
        parameters: { content_type: 'str' },
      },
      { name: 'confidence', datatype: 'FP32', shape: [1], data: [1] },
      { name: 'page_count', datatype: 'INT32', shape: [1], data: [-2] },
    ],
  }
  const write = (isRaw: boolean) =>
    create(ModelInferResponseSchema, writeInferResponse(response, isRaw))

  it('answers typed contents in typed contents', () => {
    const { outputs, rawOutputContents, ...answer } = write(false)
    assert.deepEqual([answer.modelName, answer.modelVersion, answer.id], ['m', '1', '42'])
    assert.deepEqual(answer.parameters['queueMs']?.parameterChoice, {
      case: 'doubleParam',
      value: 0.5,
    })
    assert.deepEqual(rawOutputContents, [])
    assert.deepEqual(
      outputs.map(({ contents }) => contents),
      [
        create(InferTensorContentsSchema, { bytesContents: [bytes] }),
        create(InferTensorContentsSchema, { fp32Contents: [1] }),
        create(InferTensorContentsSchema, { intContents: [-2] }),
      ],
    )
    assert.deepEqual(outputs[0]?.parameters['content_type']?.parameterChoice, {
      case: 'stringParam',
      value: 'str',
    })
  })

  it('answers raw contents in raw contents, for all outputs', () => {
    const { outputs, rawOutputContents } = write(true)
    assert.deepEqual(rawOutputContents.map(Buffer.from), [
      raw,
      Buffer.from([0, 0, 0x80, 0x3f]),
      Buffer.from([0xfe, 0xff, 0xff, 0xff]),
    ])
    assert.deepEqual(
      outputs.map(({ name, datatype, shape, contents }) => ({ name, datatype, shape, contents })),
      [
        { name: 'text', datatype: 'BYTES', shape: [1n], contents: undefined },
        { name: 'confidence', datatype: 'FP32', shape: [1n], contents: undefined },
        { name: 'page_count', datatype: 'INT32', shape: [1n], contents: undefined },
      ],
    )
  })
})
