import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  byteElementPrefix,
  rawTensorParts,
  readByteElements,
  readRawTensor,
  writeRawTensor,
} from './v2-binary.ts'

const encode = (...elements: Buffer[]) =>
  Buffer.concat(elements.flatMap((element) => [byteElementPrefix(element), element]))

describe('readByteElements', () => {
  it('reads what the prefix wrote, without copying', () => {
    const raw = encode(Buffer.from('one'), Buffer.alloc(0), Buffer.from('three'))
    const elements = readByteElements(raw, 3)
    assert.deepEqual(
      elements.map((element) => Buffer.from(element).toString()),
      ['one', '', 'three'],
    )
    assert.equal(elements[0]?.buffer, raw.buffer)
  })

  it('reads lengths as little-endian', () => {
    assert.deepEqual([...byteElementPrefix(Buffer.alloc(258))], [2, 1, 0, 0])
  })

  for (const [problem, raw] of Object.entries({
    'a length that passes the end': Buffer.from([9, 0, 0, 0, 1]),
    'half a length': Buffer.from([1, 0]),
    'a big-endian length': Buffer.from([0, 0, 0, 1, 65]),
  })) {
    it(`refuses ${problem}`, () => {
      assert.throws(() => readByteElements(raw, 10), { kind: 'invalid_request' })
    })
  }

  it('stops at more elements than the limit', () => {
    assert.equal(readByteElements(Buffer.alloc(4 * 5), 5).length, 5)
    assert.throws(() => readByteElements(Buffer.alloc(4 * 6), 5), { message: /more than the 5/ })
  })
})

describe('readRawTensor', () => {
  const raw = encode(Buffer.from('one'), Buffer.from('two'))

  it('splits BYTES into the elements of the shape', () => {
    const elements = readRawTensor({ name: 't', datatype: 'BYTES', shape: [2, 1] }, raw)
    assert.deepEqual(Array.from(elements).map(String), ['one', 'two'])
  })

  it('leaves UINT8 in one piece, without copying', () => {
    const elements = readRawTensor({ name: 't', datatype: 'UINT8', shape: [raw.length] }, raw)
    assert.equal(elements, raw)
  })

  for (const [problem, tensor] of Object.entries({
    'BYTES of another count': { datatype: 'BYTES', shape: [1] },
    'UINT8 of another length': { datatype: 'UINT8', shape: [raw.length + 1] },
    'another datatype': { datatype: 'FP32', shape: [1] },
  } as const)) {
    it(`refuses ${problem}`, () => {
      assert.throws(() => readRawTensor({ name: 't', ...tensor }, raw), { kind: 'invalid_request' })
    })
  }
})

describe('a raw BYTES tensor', () => {
  const read = (count: number) =>
    readRawTensor({ name: 't', datatype: 'BYTES', shape: [count] }, Buffer.alloc(4 * count))

  it('has up to 1,024 elements', () => assert.equal(read(1024).length, 1024))

  it('of more is refused, and told so', () => {
    const message = /has at most 1024 elements;/
    assert.throws(() => read(1025), { kind: 'invalid_request', message })
  })
})

describe('writeRawTensor', () => {
  const head = { name: 't', shape: [2] }

  it('writes texts that readByteElements reads', () => {
    const raw = writeRawTensor({ ...head, datatype: 'BYTES', data: ['', 'größer'] })
    assert.deepEqual(readByteElements(raw, 2).map(String), ['', 'größer'])
  })

  it('writes numbers as little-endian FP32', () => {
    const raw = writeRawTensor({ ...head, datatype: 'FP32', data: [1, -2] })
    assert.deepEqual([...raw], [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0])
  })

  it('writes whole numbers as little-endian INT32', () => {
    const raw = writeRawTensor({ ...head, datatype: 'INT32', data: [258, -2] })
    assert.deepEqual([...raw], [2, 1, 0, 0, 0xfe, 0xff, 0xff, 0xff])
  })

  it('copies no bytes into its parts', () => {
    const element = Buffer.from('bytes')
    const parts = rawTensorParts({ name: 't', shape: [1], datatype: 'BYTES', data: [element] })
    assert.equal(parts[1], element)
  })
})
