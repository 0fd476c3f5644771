import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { InferResponse, TensorHead } from './v2.ts'
import {
  encodeInferResponse,
  parseInferRequest,
  parseInferResponse,
  parseRepositoryRequest,
} from './v2-rest.ts'

const json = (value: unknown) => Buffer.from(JSON.stringify(value))
const input = { name: 'image', datatype: 'BYTES', shape: [1], data: ['aGk='] }
const rawInput: TensorHead = { name: 'image', datatype: 'BYTES', shape: [-1] }
const parse = (body: Buffer, headerLength?: string) =>
  parseInferRequest(body, headerLength, rawInput)
const element = Buffer.concat([Buffer.from([2, 0, 0, 0]), Buffer.from('hi')])

/** A request with one binary tensor; `change` spoils it. */
function binary(
  change: {
    size?: unknown
    header?: string
    shape?: number[]
    tail?: Buffer
    datatype?: string
  } = {},
) {
  const { size = element.length, shape = [1], tail = element, datatype = 'BYTES' } = change
  const head = json({
    inputs: [{ name: 'image', datatype, shape, parameters: { binary_data_size: size } }],
  })
  const body = Buffer.concat([head, tail])
  return parse(body, change.header ?? String(head.length))
}

const refused = { name: 'OcrError', kind: 'invalid_request' }

describe('parseInferRequest with JSON', () => {
  it('reads inputs, parameters and wanted outputs', () => {
    const body = json({
      id: '42',
      parameters: { psm: 6 },
      inputs: [input],
      outputs: [{ name: 'text' }],
    })
    const request = parse(body)
    assert.equal(request.id, '42')
    assert.deepEqual(request.parameters, { psm: 6 })
    assert.deepEqual(request.inputs[0]?.elements, ['aGk='])
    assert.deepEqual(request.outputs, [{ name: 'text', parameters: {} }])
  })

  it('takes an id of 256 characters', () => {
    const id = 'x'.repeat(256)
    assert.equal(parse(json({ id, inputs: [input] })).id, id)
  })

  it('ignores unknown keys, since clients send more than the protocol names', () => {
    const request = parse(json({ model_name: 'm', inputs: [input] }))
    assert.equal(request.inputs.length, 1)
    assert.equal(request.outputs, undefined)
  })

  it('flattens nested data row by row', () => {
    const nested = { ...input, shape: [2, 1], data: [['a'], ['b']] }
    const request = parse(json({ inputs: [nested] }))
    assert.deepEqual(request.inputs[0]?.elements, ['a', 'b'])
  })

  for (const [problem, body] of Object.entries({
    'no JSON': Buffer.from('{"inputs": ['),
    'bad UTF-8': Buffer.from([0x7b, 0xff, 0x7d]),
    'no inputs': json({}),
    'an empty list of inputs': json({ inputs: [] }),
    'an unknown datatype': json({ inputs: [{ ...input, datatype: 'STRING' }] }),
    'a shape of another count': json({ inputs: [{ ...input, shape: [2] }] }),
    'a negative dimension': json({ inputs: [{ ...input, shape: [-1] }] }),
    'a dimension that is no number': json({ inputs: [{ ...input, shape: ['NaN'] }] }),
    'a huge dimension': json({ inputs: [{ ...input, shape: [2 ** 53] }] }),
    'more dimensions than 8': json({ inputs: [{ ...input, shape: Array(9).fill(1) }] }),
    'no data': json({ inputs: [{ ...input, data: undefined }] }),
    'data that is no list': json({ inputs: [{ ...input, data: 'aGk=' }] }),
    'seventeen inputs': json({ inputs: Array(17).fill(input) }),
    'sixty-five outputs': json({ inputs: [input], outputs: Array(65).fill({ name: 'x' }) }),
    'an id that is no string': json({ id: 7, inputs: [input] }),
    'an id of 257 characters': json({ id: 'x'.repeat(257), inputs: [input] }),
    'a parameter that is an object': json({ inputs: [input], parameters: { psm: {} } }),
    null: json(null),
  })) {
    it(`refuses ${problem}`, () => assert.throws(() => parse(body), refused))
  }

  it('says back where the fault is, but no name that is long or strange', () => {
    const faulty = (name: string) => [
      { inputs: [input], parameters: { [name]: {} } },
      { inputs: [{ ...input, name, shape: [2] }] },
      { inputs: [{ ...input, name, data: null }] },
    ]
    const saysBack = (name: string, expected: boolean) => (error: Error) =>
      error.message.includes(name) === expected
    for (const request of faulty('page')) {
      assert.throws(() => parse(json(request)), saysBack('page', true))
    }
    for (const name of ['n'.repeat(41), '<b>', '\u2028']) {
      for (const request of faulty(name)) {
        assert.throws(() => parse(json(request)), saysBack(name, false))
      }
    }
  })
})

describe('parseInferRequest with binary tensors', () => {
  it('reads the bytes behind the JSON', () => {
    assert.deepEqual(binary().inputs[0]?.elements, [element.subarray(4)])
  })

  for (const [problem, change] of Object.entries({
    'a header length beyond the body': { header: '9999' },
    'a negative header length': { header: '-1' },
    'a header length that is no number': { header: 'ten' },
    'a tensor size beyond the body': { size: 99 },
    'a negative tensor size': { size: -1 },
    'a tensor size that is no number': { size: 'six' },
    'bytes after the last tensor': { tail: Buffer.concat([element, element]) },
    'a shape of another count': { shape: [2] },
    'another datatype than bytes': { datatype: 'FP32' },
    'a million elements': { size: 4_000_000, shape: [1_000_000], tail: Buffer.alloc(4_000_000) },
  })) {
    it(`refuses ${problem}`, () => assert.throws(() => binary(change), refused))
  }

  it('refuses data beside binary_data_size', () => {
    const head = json({ inputs: [{ ...input, parameters: { binary_data_size: element.length } }] })
    const body = Buffer.concat([head, element])
    assert.throws(() => parse(body, String(head.length)), refused)
  })

  it('takes a whole UINT8 tensor without splitting it', () => {
    const { elements } = binary({ datatype: 'UINT8', shape: [element.length] }).inputs[0] ?? {}
    assert.deepEqual(elements, element)
  })

  it('reads several tensors in the order of the inputs', () => {
    const parameters = { binary_data_size: element.length }
    const inputs = ['a', 'b'].map((name) => ({ name, datatype: 'BYTES', shape: [1], parameters }))
    const other = Buffer.concat([Buffer.from([2, 0, 0, 0]), Buffer.from('ho')])
    const head = json({ inputs })
    const request = parse(Buffer.concat([head, element, other]), String(head.length))
    assert.deepEqual(
      request.inputs.map(({ name, elements }) => [name, String(elements[0])]),
      [
        ['a', 'hi'],
        ['b', 'ho'],
      ],
    )
  })

  it('takes a body without JSON as the one element of the input, and answers in binary', () => {
    const request = parse(Buffer.from('hi'), '0')
    assert.deepEqual(request, {
      id: undefined,
      parameters: { binary_data_output: true },
      inputs: [{ ...rawInput, shape: [1], parameters: {}, elements: [Buffer.from('hi')] }],
      outputs: undefined,
    })
  })
})

describe('encodeInferResponse', () => {
  const response: InferResponse = {
    model_name: 'm',
    model_version: '1',
    id: '42',
    parameters: {},
    outputs: [
      {
        name: 'text',
        datatype: 'BYTES',
        shape: [2],
        data: ['hi', '☃'],
        parameters: { content_type: 'str' },
      },
      { name: 'confidence', datatype: 'FP32', shape: [2], data: [0.5, 1] },
      { name: 'page_count', datatype: 'INT32', shape: [2], data: [1, 7] },
    ],
  }

  it('is JSON alone when no output is wanted as binary', () => {
    const { headerLength, body } = encodeInferResponse(response, () => false)
    assert.equal(headerLength, undefined)
    assert.deepEqual(JSON.parse(String(body)), response)
  })

  it('puts binary outputs behind the JSON, with their sizes and without data', () => {
    const { headerLength = 0, body } = encodeInferResponse(response, () => true)
    const head = JSON.parse(String(body.subarray(0, headerLength)))
    assert.deepEqual(head.outputs, [
      {
        name: 'text',
        datatype: 'BYTES',
        shape: [2],
        parameters: { content_type: 'str', binary_data_size: 13 },
      },
      {
        name: 'confidence',
        datatype: 'FP32',
        shape: [2],
        parameters: { binary_data_size: 8 },
      },
      {
        name: 'page_count',
        datatype: 'INT32',
        shape: [2],
        parameters: { binary_data_size: 8 },
      },
    ])
    const expected = '02000000686903000000e298830000003f0000803f0100000007000000'
    assert.equal(Buffer.from(body.subarray(headerLength)).toString('hex'), expected)
  })

  it('puts only the wanted outputs behind the JSON', () => {
    const { headerLength = 0, body } = encodeInferResponse(response, (name) => name === 'text')
    const head = JSON.parse(String(body.subarray(0, headerLength)))
    assert.deepEqual(head.outputs[1], response.outputs[1])
    assert.equal(body.length, headerLength + 13)
  })
})

describe('parseInferResponse', () => {
  const response: InferResponse = {
    model_name: 'm',
    model_version: '1',
    id: '42',
    parameters: { complete: true },
    outputs: [
      { name: 'pdf', datatype: 'BYTES', shape: [1], data: [Buffer.from([0xff, 0])] },
      { name: 'text', datatype: 'BYTES', shape: [1], data: ['☃'] },
      { name: 'page_count', datatype: 'INT32', shape: [1], data: [7] },
    ],
  }

  it('reads what encodeInferResponse wrote, be it JSON or binary', () => {
    const { headerLength, body } = encodeInferResponse(response, (name) => name === 'pdf')
    const { parameters, outputs } = parseInferResponse(body, String(headerLength))
    assert.deepEqual(parameters, { complete: true })
    assert.deepEqual(
      outputs.map(({ elements }) => elements[0]),
      [Buffer.from([0xff, 0]), '☃', 7],
    )
  })

  it('takes more values than a request may have', () => {
    const data = Array(20_000).fill('"')
    const outputs = [{ name: 'text', datatype: 'BYTES', shape: [data.length], data }]
    assert.equal(
      parseInferResponse(json({ outputs }), undefined).outputs[0]?.elements.length,
      20_000,
    )
  })
})

describe('parseRepositoryRequest', () => {
  it('takes an empty body', () => {
    assert.deepEqual(parseRepositoryRequest(Buffer.alloc(0)), { ready: false, parameters: {} })
  })

  it('reads what a client asks for', () => {
    const request = { ready: true, parameters: { config: '{}' } }
    assert.deepEqual(parseRepositoryRequest(json(request)), request)
  })

  it('refuses what is no object', () => {
    assert.throws(() => parseRepositoryRequest(json([])), refused)
  })
})
