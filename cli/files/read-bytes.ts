import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { addAbortSignal, type Readable } from 'node:stream'

/** A file is held in memory, to be sent again; the largest upload that a gateway can be set to take. */
export const maxFileBytes = 1024 * 2 ** 20

interface ReadOptions {
  readonly signal: AbortSignal
  readonly maxBytes?: number
}

/** @throws Error for a file that is not there, is empty or has more than the allowed bytes */
export async function readFileBytes(path: string, options: ReadOptions): Promise<Uint8Array> {
  const { size } = await stat(path)
  const { maxBytes = maxFileBytes } = options
  if (size > maxBytes) throw tooLarge(maxBytes)
  return readStreamBytes(createReadStream(path, { highWaterMark: 2 ** 20 }), options)
}

/** The same for a stream to its end, of which nobody knows how long it is. */
export async function readStreamBytes(
  stream: Readable,
  { signal, maxBytes = maxFileBytes }: ReadOptions,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of addAbortSignal(signal, stream)) {
    length += chunk.length
    if (length > maxBytes) throw tooLarge(maxBytes)
    chunks.push(chunk)
  }
  if (length === 0) throw new Error('there is nothing in it')
  return Buffer.concat(chunks, length)
}

const tooLarge = (maxBytes: number): Error => new Error(`it has more than ${maxBytes} bytes`)
