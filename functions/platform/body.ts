import { OcrError, tooLarge } from '../contract/errors.ts'
import { decompress, encodingNamed, encodings } from './compression.ts'

/**
 * Reads a request body into one buffer, without its `Content-Encoding`.
 * @param limitBytes most bytes, as sent and decompressed
 * @throws OcrError `payload_too_large` when more are announced, or have arrived, `unsupported_media` for another
 *   encoding, `invalid_request` for damaged compression
 */
export async function readBody(request: Request, limitBytes: number): Promise<Uint8Array> {
  const name = request.headers.get('content-encoding')?.trim().toLowerCase() || 'identity'
  if (name === 'identity') return await collect(request, limitBytes)
  const encoding = encodingNamed(name)
  if (!encoding) {
    const message = `Content-Encoding may be ${encodings.join(' or ')}, and nothing else.`
    throw new OcrError('unsupported_media', message)
  }
  return await decompress(await collect(request, limitBytes), encoding, limitBytes)
}

/**
 * The length is counted on the stream, whatever the header says; with an honest `Content-Length` every byte
 * is copied once.
 */
async function collect(request: Request, limitBytes: number): Promise<Uint8Array> {
  const announced = Number(request.headers.get('content-length') ?? 0)
  if (announced > limitBytes) throw tooLarge(limitBytes)
  let buffer = new Uint8Array(announced)
  let length = 0
  let isTooLarge = false
  for await (const chunk of request.body ?? []) {
    const end = length + chunk.length
    isTooLarge ||= end > limitBytes
    // What is left of it is let run out, so that the answer arrives.
    if (isTooLarge) continue
    if (end > buffer.length) buffer = grow(buffer, Math.min(limitBytes, Math.max(end, 2 * length)))
    buffer.set(chunk, length)
    length = end
  }
  if (isTooLarge) throw tooLarge(limitBytes)
  return buffer.subarray(0, length)
}

function grow(buffer: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(size)
  larger.set(buffer)
  return larger
}

/**
 * Takes in what is left of a body that nobody wants, without keeping it, until the time to receive it is over. An
 * answer to a request whose body is still being sent may be lost: the connection, or the stream, is reset when it is
 * closed with bytes unread.
 */
export async function discardBody(request: Request): Promise<void> {
  if (request.bodyUsed) return
  try {
    for await (const _chunk of request.body ?? []) {
      // Nothing is done with it.
    }
  } catch {
    // The client has gone, or took too long.
  }
}
