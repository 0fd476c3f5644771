import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { byteElementPrefix, readByteElements } from './v2-binary.ts'

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
