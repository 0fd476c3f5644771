import { invalid, OcrError, tooLarge } from '../../contract/errors.ts'
import { collect } from '../../platform/collect.ts'
import {
  compress,
  decompress,
  type Encoding,
  encodingNamed,
  encodings,
} from '../../platform/compression.ts'
import type { Hold } from '../../platform/receiving.ts'

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

interface ReadOptions {
  /** Of what is compressed. */
  readonly encoding: Encoding | undefined
  /** Most bytes of a message, as sent and decompressed. */
  readonly limitBytes: number
  /** Is told how many bytes of a message are held, as they arrive and while they are decompressed. */
  readonly memory?: Hold | undefined
}

/**
 * Splits a stream into its messages (gRPC over HTTP/2, "Length-Prefixed-Message").
 * @throws OcrError `payload_too_large` as soon as more are announced, `invalid_request`, or `overloaded` by the memory
 */
export async function* readMessages(
  chunks: AsyncIterable<Uint8Array>,
  options: ReadOptions,
): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]()
  const take = createTake(iterator, options.memory)
  try {
    while (true) {
      const message = await readMessage(take, options)
      if (!message) return
      yield message
    }
  } finally {
    await iterator.return?.()
  }
}

/** The next message, or nothing at the end. */
async function readMessage(
  take: Take,
  { encoding, limitBytes, memory }: ReadOptions,
): Promise<Uint8Array | undefined> {
  const prefix = await take(prefixBytes)
  if (prefix.length === 0) return undefined
  if (prefix.length < prefixBytes) invalid(cutOff)
  const [isCompressed, length] = readPrefix(prefix)
  if (length > limitBytes) throw tooLarge(limitBytes)
  const message = await take(length)
  if (message.length < length) invalid(cutOff)
  if (!isCompressed) return message
  if (!encoding) invalid('A message is compressed, but the call names no grpc-encoding.')
  memory?.hold(message.length + limitBytes)
  const inflated = await decompress(message, encoding, limitBytes)
  memory?.hold(inflated.length)
  return inflated
}

const cutOff = 'The call ended within a message.'

/** Takes a number of bytes off a stream; they are fewer only at its end. */
type Take = (length: number) => Promise<Uint8Array>

function createTake(iterator: AsyncIterator<Uint8Array>, memory?: Hold): Take {
  let rest: Uint8Array = new Uint8Array()
  async function* parts(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0; ) {
      if (rest.length === 0) {
        const next = await iterator.next()
        if (next.done) return
        rest = next.value
      }
      const part = rest.subarray(0, left)
      rest = rest.subarray(part.length)
      left -= part.length
      yield part
    }
  }
  return (length) => collect(parts(length), { limitBytes: length, announcedBytes: length, memory })
}

function readPrefix({ buffer, byteOffset }: Uint8Array): [isCompressed: boolean, length: number] {
  const view = new DataView(buffer, byteOffset, prefixBytes)
  const flag = view.getUint8(0)
  if (flag > 1) invalid('A message of the call has an unknown flag.')
  return [flag === 1, view.getUint32(1)]
}

/** A message with its prefix, ready to be sent. */
export async function frame(message: Uint8Array, encoding: Encoding | undefined): Promise<Buffer> {
  const content = encoding ? await compress(message, encoding) : message
  const prefix = Buffer.alloc(prefixBytes)
  prefix.writeUInt8(encoding ? 1 : 0)
  prefix.writeUInt32BE(content.length, 1)
  return Buffer.concat([prefix, content])
}
