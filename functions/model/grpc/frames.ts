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
  let filled = 0
  let isPrefix = true
  let isCompressed = false
  let target = Buffer.alloc(prefixBytes)
  for await (const chunk of chunks) {
    let rest = chunk
    while (rest.length > 0 || (filled === target.length && !isPrefix)) {
      const part = rest.subarray(0, target.length - filled)
      target.set(part, filled)
      filled += part.length
      rest = rest.subarray(part.length)
      if (filled < target.length) break
      if (isPrefix) {
        isCompressed = readFlag(target)
        const length = target.readUInt32BE(1)
        if (length > limitBytes) throw tooLarge(limitBytes)
        target = Buffer.alloc(length)
      } else {
        yield isCompressed ? await inflated(target, encoding, limitBytes) : target
        target = Buffer.alloc(prefixBytes)
      }
      isPrefix = !isPrefix
      filled = 0
    }
  }
  if (filled > 0 || !isPrefix) invalid('The call ended within a message.')
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
