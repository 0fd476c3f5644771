import { OcrError, tooLarge } from '../../contract/errors.ts'
import { invalid } from '../../contract/v2.ts'
import {
  compress,
  decompress,
  type Encoding,
  encodingNamed,
  encodings,
} from '../../platform/compression.ts'

/**
 * The encoding that a client names in `grpc-encoding`; undefined for none.
 * @throws OcrError `not_supported` for another one
 */
export function encodingOf(name: string | undefined): Encoding | undefined {
  if (name === undefined || name === 'identity') return undefined
  const encoding = encodingNamed(name)
  if (encoding) return encoding
  const message = `Messages may be compressed by ${encodings.join(' or ')}, and nothing else.`
  throw new OcrError('not_supported', message)
}

/** A flag for compression and a big-endian uint32 length stand before each message. */
const prefixBytes = 5

/**
 * Splits a stream into its messages (gRPC over HTTP/2, "Length-Prefixed-Message"). The bytes of a message
 * are copied once, and a second time only if they are compressed.
 * @param limitBytes most bytes of a message, as sent and decompressed
 * @throws OcrError `payload_too_large` as soon as more are announced, or `invalid_request`
 */
export async function* readMessages(
  chunks: AsyncIterable<Uint8Array>,
  encoding: Encoding | undefined,
  limitBytes: number,
): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]()
  const take = createTake(iterator)
  try {
    while (true) {
      const prefix = await take(prefixBytes)
      if (prefix.length === 0) return
      if (prefix.length < prefixBytes) invalid(cutOff)
      const isCompressed = readFlag(prefix)
      const length = prefix.readUInt32BE(1)
      if (length > limitBytes) throw tooLarge(limitBytes)
      const message = await take(length)
      if (message.length < length) invalid(cutOff)
      yield isCompressed ? await inflated(message, encoding, limitBytes) : message
    }
  } finally {
    await iterator.return?.()
  }
}

const cutOff = 'The call ended within a message.'

/** Takes a number of bytes off a stream; they are fewer only at its end. */
function createTake(iterator: AsyncIterator<Uint8Array>): (length: number) => Promise<Buffer> {
  let rest: Uint8Array = new Uint8Array()
  return async (length) => {
    const bytes = Buffer.alloc(length)
    let filled = 0
    while (filled < length) {
      if (rest.length === 0) {
        const next = await iterator.next()
        if (next.done) break
        rest = next.value
      }
      const part = rest.subarray(0, length - filled)
      bytes.set(part, filled)
      filled += part.length
      rest = rest.subarray(part.length)
    }
    return bytes.subarray(0, filled)
  }
}

function readFlag(prefix: Buffer): boolean {
  const [flag = 0] = prefix
  if (flag > 1) invalid('A message of the call has an unknown flag.')
  return flag === 1
}

function inflated(message: Uint8Array, encoding: Encoding | undefined, limitBytes: number) {
  if (!encoding) invalid('A message is compressed, but the call names no grpc-encoding.')
  return decompress(message, encoding, limitBytes)
}

/** A message with its prefix, ready to be sent. */
export async function frame(message: Uint8Array, encoding: Encoding | undefined): Promise<Buffer> {
  const content = encoding ? await compress(message, encoding) : message
  const prefix = Buffer.alloc(prefixBytes)
  prefix.writeUInt8(encoding ? 1 : 0)
  prefix.writeUInt32BE(content.length, 1)
  return Buffer.concat([prefix, content])
}
