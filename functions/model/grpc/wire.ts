import {
  type DescField,
  type DescMessage,
  fromBinary,
  type MessageShape,
  ScalarType,
} from '@bufbuild/protobuf'
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { invalid, OcrError } from '../../contract/errors.ts'

/** Fields of a message and of those within it; a request of ours has some dozen. */
const maxFields = 10_000
/** Bytes of packed lists of numbers, and so the most values in them. */
const maxPackedBytes = 1_000_000

/**
 * Decodes a message that nobody vouches for. In 28 MiB there is room for 14 million empty tensors, which take
 * seconds and gigabytes to decode, so that fields are counted before any is. Bytes are not copied.
 * @throws OcrError `invalid_request`
 */
export function decodeMessage<D extends DescMessage>(
  schema: D,
  bytes: Uint8Array,
): MessageShape<D> {
  try {
    requireSimple(schema, bytes)
    return fromBinary(schema, bytes, { readUnknownFields: false })
  } catch (cause) {
    if (cause instanceof OcrError) throw cause
    throw new OcrError('invalid_request', `This is no ${schema.name}.`, { cause })
  }
}

/** What may be within a field: other fields, by their numbers, or packed numbers. */
interface Shape {
  readonly fieldAt?: (number: number) => Shape | undefined
  readonly isPacked?: boolean
}

const fieldsOf =
  (message: DescMessage) =>
  (number: number): Shape | undefined => {
    const field = message.fields.find((candidate) => candidate.number === number)
    return field && shapeOf(field)
  }

function shapeOf(field: DescField): Shape {
  const value = field.message && { fieldAt: fieldsOf(field.message) }
  // An entry of a map is a message of a key, 1, and a value, 2.
  if (field.fieldKind === 'map') return { fieldAt: (number) => (number === 2 ? value : undefined) }
  return value ?? { isPacked: isPacked(field) }
}

function requireSimple(schema: DescMessage, bytes: Uint8Array): void {
  const reader = new BinaryReader(bytes)
  let fields = 0
  let packedBytes = 0
  const walk = (fieldAt: NonNullable<Shape['fieldAt']>, end: number) => {
    while (reader.pos < end) {
      if (++fields > maxFields) fail(`has more than ${maxFields} fields`)
      const [number, wireType] = reader.tag()
      if (wireType === WireType.StartGroup) fail('has a group, which proto3 does not')
      if (wireType !== WireType.LengthDelimited) {
        reader.skip(wireType, number)
        continue
      }
      const length = reader.uint32()
      const stop = reader.pos + length
      if (stop > end) fail('holds a length that passes its end')
      const shape = fieldAt(number)
      if (shape?.fieldAt) walk(shape.fieldAt, stop)
      if (shape?.isPacked) packedBytes += length
      if (packedBytes > maxPackedBytes) fail(`lists more than ${maxPackedBytes} bytes of numbers`)
      reader.pos = stop
    }
  }
  walk(fieldsOf(schema), bytes.length)
}

const isPacked = (field: DescField): boolean =>
  field.fieldKind === 'list' &&
  field.scalar !== ScalarType.BYTES &&
  field.scalar !== ScalarType.STRING

function fail(problem: string): never {
  invalid(`The message ${problem}.`)
}
