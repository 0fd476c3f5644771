import { invalid } from './errors.ts'
import {
  elementCount,
  type InferTensor,
  matchShape,
  type OutputTensor,
  requireBytes,
  type TensorHead,
} from './v2.ts'

const lengthBytes = 4
/** Of FP32 and of INT32. */
const numberBytes = 4
/** Elements of a BYTES tensor that came as raw bytes. */
const maxElements = 1024

/**
 * The elements of a raw tensor (binary tensor data extension, and `raw_input_contents` of gRPC): views, not copies.
 * @throws OcrError `invalid_request` when the bytes are not those of the tensor's shape
 */
export function readRawTensor(tensor: TensorHead, raw: Uint8Array): InferTensor['elements'] {
  requireBytes(tensor)
  if (tensor.datatype === 'UINT8') return matchShape(tensor, raw)
  const count = elementCount(tensor)
  if (count > maxElements) fail(`has at most ${maxElements} elements`)
  return matchShape(tensor, readByteElements(raw, count))
}

/**
 * Splits a raw BYTES tensor into its elements: each is a little-endian uint32 length and then that
 * many bytes.
 * @param limit stops at more elements than this, so that a body of zeros is not a million elements
 */
export function readByteElements(raw: Uint8Array, limit: number): Uint8Array[] {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
  const elements: Uint8Array[] = []
  let offset = 0
  while (offset < raw.length) {
    const start = offset + lengthBytes
    const end =
      start <= raw.length ? start + view.getUint32(offset, true) : Number.POSITIVE_INFINITY
    if (end > raw.length) fail('holds a length that passes its end')
    if (elements.length === limit) fail(`holds more than the ${limit} elements of its shape`)
    elements.push(raw.subarray(start, end))
    offset = end
  }
  return elements
}

/** The length prefix that stands before an element in a raw BYTES tensor. */
export function byteElementPrefix(element: Uint8Array): Uint8Array {
  const prefix = new Uint8Array(lengthBytes)
  new DataView(prefix.buffer).setUint32(0, element.length, true)
  return prefix
}

/** An output as a raw tensor: everything little-endian, without padding. */
export const writeRawTensor = (output: OutputTensor): Uint8Array =>
  Buffer.concat(rawTensorParts(output))

/** The same in parts, so that a long element need not be copied. */
export function rawTensorParts({ datatype, data }: OutputTensor): Uint8Array[] {
  if (datatype === 'BYTES') {
    const elements = data.map((value) => (typeof value === 'string' ? Buffer.from(value) : value))
    return elements.flatMap((element) => [byteElementPrefix(element), element])
  }
  const raw = new Uint8Array(data.length * numberBytes)
  const view = new DataView(raw.buffer)
  data.forEach((value, index) => {
    const offset = index * numberBytes
    if (datatype === 'INT32') view.setInt32(offset, value, true)
    else view.setFloat32(offset, value, true)
  })
  return [raw]
}

function fail(problem: string): never {
  const layout = 'each element is a little-endian 4-byte length and its bytes'
  invalid(`A binary BYTES tensor ${problem}; ${layout}.`)
}
