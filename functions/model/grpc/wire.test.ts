import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { create, toBinary } from '@bufbuild/protobuf'
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { ModelInferRequestSchema } from './generated/inference_pb.ts'
import { decodeMessage } from './wire.ts'

const refused = { name: 'OcrError', kind: 'invalid_request' }
const decode = (bytes: Uint8Array) => decodeMessage(ModelInferRequestSchema, bytes)
/** A field that holds bytes, packed numbers or a message. */
const field = (number: number, content: Uint8Array) =>
  new BinaryWriter().tag(number, WireType.LengthDelimited).bytes(content).finish()
/** The field `inputs[0].contents`. */
const contents = (content: Uint8Array) => field(5, field(5, content))
const repeated = (bytes: Uint8Array, times: number) =>
  Buffer.alloc(bytes.length * times, Buffer.from(bytes))

describe('decodeMessage', () => {
  it('decodes what the library encodes', () => {
    const message = create(ModelInferRequestSchema, {
      modelName: 'm',
      parameters: { psm: { parameterChoice: { case: 'int64Param', value: 6n } } },
      inputs: [{ name: 'image', shape: [2n], contents: { uintContents: [1, 2] } }],
      rawInputContents: [Buffer.from('hi')],
    })
    assert.deepEqual(
      toBinary(ModelInferRequestSchema, decode(toBinary(ModelInferRequestSchema, message))),
      toBinary(ModelInferRequestSchema, message),
    )
  })

  it('does not copy raw contents', () => {
    const bytes = field(7, Buffer.alloc(1_000))
    assert.equal(decode(bytes).rawInputContents[0]?.buffer, bytes.buffer)
  })

  it('ignores fields that it does not know', () => {
    assert.deepEqual(decode(field(99, Buffer.from('x'))), create(ModelInferRequestSchema))
  })

  it('takes 10,000 fields and refuses one more', () => {
    const empty = field(7, Buffer.alloc(0))
    assert.equal(decode(repeated(empty, 10_000)).rawInputContents.length, 10_000)
    assert.throws(() => decode(repeated(empty, 10_001)), refused)
  })

  it('counts the fields of nested messages', () => {
    const empty = field(8, Buffer.alloc(0))
    assert.throws(() => decode(contents(repeated(empty, 10_000))), refused)
  })

  it('takes a million packed numbers and refuses one more', () => {
    const numbers = (count: number) => contents(field(4, Buffer.alloc(count, 1)))
    assert.equal(decode(numbers(1_000_000)).inputs[0]?.contents?.uintContents.length, 1_000_000)
    assert.throws(() => decode(numbers(1_000_001)), refused)
  })

  const large = 20 * 2 ** 20
  for (const [problem, bytes] of Object.entries({
    'an open length': Buffer.from([0x3a, 0x7f]),
    'a length beyond what it is in': contents(Buffer.from([0x42, 5, 1])),
    'an open tag': Buffer.from([0xff]),
    'a field of number 0': Buffer.from([0x02, 0]),
    'an unknown wire type': Buffer.from([0x0f]),
    'text that is not UTF-8': field(1, Buffer.from([0xff])),
    'a string as a number': Buffer.from([0x08, 1, 0x3a, 0x7f]),
    'nested groups': Buffer.alloc(large, 0x7b),
    'millions of empty tensors': repeated(Buffer.from([0x2a, 0]), large / 2),
    'millions of empty contents': repeated(Buffer.from([0x3a, 0]), large / 2),
    'millions of unknown fields': repeated(Buffer.from([0x78, 0]), large / 2),
    zeros: Buffer.alloc(large),
    'a group of millions of fields': Buffer.concat([
      Buffer.from([0xa3, 6]),
      repeated(Buffer.from([8, 0]), large / 2),
    ]),
    'a map entry of millions of values': field(4, repeated(Buffer.from([0x12, 0]), large / 2)),
    'a map value of millions of fields': field(
      4,
      field(2, repeated(Buffer.from([8, 0]), large / 2)),
    ),
  })) {
    it(`refuses ${problem}`, () => assert.throws(() => decode(bytes), refused))
  }
})
