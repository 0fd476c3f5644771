import { tooLarge } from '../../contract/errors.ts'
import type { Meter } from '../../platform/receiving.ts'
import { type ArrivingDocument, discard } from './document-source.ts'

interface CollectOptions {
  readonly maxBytes: number
  /** Is told how many bytes are held, as they arrive. */
  readonly meter: Pick<Meter, 'hold'>
}

/** For the first bytes of a document whose length is not announced. */
const firstBytes = 64 * 2 ** 10

/**
 * Takes a document in. Its bytes are counted, whatever it announces; what is beyond the limit is not read.
 * @throws OcrError `payload_too_large`, `overloaded` by the meter; what breaks the body
 */
export async function collect(
  { announcedBytes, body }: ArrivingDocument,
  { maxBytes, meter }: CollectOptions,
): Promise<Uint8Array> {
  if (announcedBytes !== undefined && announcedBytes > maxBytes) {
    discard(body)
    throw tooLarge(maxBytes)
  }
  let buffer = new Uint8Array(0)
  let length = 0
  for await (const chunk of body) {
    const end = length + chunk.length
    if (end > maxBytes) throw tooLarge(maxBytes)
    meter.hold(end)
    if (end > buffer.length) buffer = grow(buffer, roomFor(end, announcedBytes ?? maxBytes))
    buffer.set(chunk, length)
    length = end
  }
  return buffer.subarray(0, length)
}

/** It doubles, so that each byte is copied about once, and is not more than what may come. */
const roomFor = (bytes: number, expectedBytes: number): number =>
  Math.max(bytes, Math.min(Math.max(2 * bytes, firstBytes), expectedBytes))

function grow(buffer: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(size)
  larger.set(buffer)
  return larger
}
