import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type InferRequest, matchShape, requireBytes, wantsBinary } from './v2.ts'

const refused = { name: 'OcrError', kind: 'invalid_request' }

describe('wantsBinary', () => {
  const request = (change: Partial<InferRequest>): InferRequest => ({
    id: undefined,
    parameters: {},
    inputs: [],
    outputs: undefined,
    ...change,
  })
  const output = (parameters: InferRequest['parameters']) => [{ name: 'text', parameters }]

  it('is false unless the client says so', () => {
    assert.equal(wantsBinary(request({}), 'text'), false)
    assert.equal(wantsBinary(request({ outputs: output({}) }), 'text'), false)
  })

  it('is what the request says for all outputs', () => {
    const parameters = { binary_data_output: true }
    assert.equal(wantsBinary(request({ parameters }), 'text'), true)
    assert.equal(wantsBinary(request({ parameters, outputs: output({}) }), 'text'), true)
  })

  it('is what the output says, whatever the request does', () => {
    const yes = output({ binary_data: true })
    const no = output({ binary_data: false })
    assert.equal(wantsBinary(request({ outputs: yes }), 'text'), true)
    const parameters = { binary_data_output: true }
    assert.equal(wantsBinary(request({ parameters, outputs: no }), 'text'), false)
  })
})

describe('matchShape', () => {
  const tensor = { name: 't', datatype: 'BYTES', shape: [2, 3] } as const

  it('takes as many elements as the dimensions make', () => {
    assert.equal(matchShape(tensor, 'abcdef'.split('')).length, 6)
  })

  for (const count of [0, 5, 7]) {
    it(`refuses ${count} of them`, () => {
      assert.throws(() => matchShape(tensor, Array(count)), {
        ...refused,
        message: `Tensor "t" has ${count} elements, but its shape [2, 3] needs 6.`,
      })
    })
  }
})

describe('requireBytes', () => {
  it('takes the two datatypes that hold bytes', () => {
    for (const datatype of ['BYTES', 'UINT8'] as const) {
      requireBytes({ name: 't', datatype, shape: [] })
    }
  })

  it('refuses another', () => {
    const tensor = { name: 't', datatype: 'FP32', shape: [] } as const
    assert.throws(() => requireBytes(tensor), refused)
  })
})
