import { tooLarge } from '../contract/errors.ts'
import type { Hold } from './receiving.ts'

interface CollectOptions {
  /** Most bytes that are taken. */
  readonly limitBytes: number
  /** Undefined where it is not told how many will come. */
  readonly announcedBytes?: number | undefined
  /** Is told how many bytes are held, as they arrive. */
  readonly memory?: Hold | undefined
}

/**
 * Takes bytes into one buffer. They are counted, whatever is announced, and the buffer grows with what has arrived, at
 * most to what is announced: whoever announces much and sends little costs little.
 * @throws OcrError `payload_too_large`, `overloaded` by the memory; what breaks the chunks
 */
export async function collect(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { limitBytes, announcedBytes, memory }: CollectOptions,
): Promise<Uint8Array> {
  const expectedBytes = announcedBytes || limitBytes
  let buffer = new Uint8Array(0)
  let length = 0
  for await (const chunk of chunks) {
    const end = length + chunk.length
    if (end > limitBytes) throw tooLarge(limitBytes)
    memory?.hold(end)
    if (end > buffer.length) buffer = grow(buffer, Math.max(end, Math.min(4 * end, expectedBytes)))
    buffer.set(chunk, length)
    length = end
  }
  return buffer.subarray(0, length)
}

function grow(buffer: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(size)
  larger.set(buffer)
  return larger
}
