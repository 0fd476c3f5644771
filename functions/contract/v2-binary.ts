import { OcrError } from './errors.ts'

const lengthBytes = 4

/**
 * Splits a raw BYTES tensor into its elements: each is a little-endian uint32 length and then that
 * many bytes (binary tensor data extension). The elements are views, not copies.
 * @param limit stops at more elements than this, so that a body of zeros is not a million elements
 * @throws OcrError `invalid_request` when the lengths do not add up or the limit is passed
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

function fail(problem: string): never {
  const layout = 'each element is a little-endian 4-byte length and its bytes'
  throw new OcrError('invalid_request', `A binary BYTES tensor ${problem}; ${layout}.`)
}
