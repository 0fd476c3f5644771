import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseInferRequest } from './v2.ts'

const json = (value: unknown) => Buffer.from(JSON.stringify(value))
const input = { name: 'image', datatype: 'BYTES', shape: [1], data: ['aGk='] }
const element = Buffer.concat([Buffer.from([2, 0, 0, 0]), Buffer.from('hi')])

/** A request with one binary tensor; `change` spoils it. */
function binary(change: { size?: unknown; header?: string; shape?: number[]; tail?: Buffer } = {}) {
  const { size = element.length, shape = [1], tail = element } = change
  const head = json({
    inputs: [{ name: 'image', datatype: 'BYTES', shape, parameters: { binary_data_size: size } }],
  })
  const body = Buffer.concat([head, tail])
  return parseInferRequest(body, change.header ?? String(head.length))
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
    const request = parseInferRequest(body)
    assert.equal(request.id, '42')
    assert.deepEqual(request.parameters, { psm: 6 })
    assert.deepEqual(request.inputs[0]?.elements, ['aGk='])
    assert.deepEqual(request.outputs, ['text'])
  })

  it('ignores unknown keys, since clients send more than the protocol names', () => {
    const request = parseInferRequest(json({ model_name: 'm', inputs: [input] }))
    assert.equal(request.inputs.length, 1)
    assert.equal(request.outputs, undefined)
  })

  it('flattens nested data row by row', () => {
    const nested = { ...input, shape: [2, 1], data: [['a'], ['b']] }
    const request = parseInferRequest(json({ inputs: [nested] }))
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
    'a parameter that is an object': json({ inputs: [input], parameters: { psm: {} } }),
    null: json(null),
  })) {
    it(`refuses ${problem}`, () => assert.throws(() => parseInferRequest(body), refused))
  }
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
    'a million elements': { size: 4_000_000, shape: [1_000_000], tail: Buffer.alloc(4_000_000) },
  })) {
    it(`refuses ${problem}`, () => assert.throws(() => binary(change), refused))
  }

  it('refuses data beside binary_data_size', () => {
    const head = json({ inputs: [{ ...input, parameters: { binary_data_size: element.length } }] })
    const body = Buffer.concat([head, element])
    assert.throws(() => parseInferRequest(body, String(head.length)), refused)
  })
})
