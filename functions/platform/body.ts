import { OcrError } from '../contract/errors.ts'

/**
 * Reads a request body into one buffer. The length is counted on the stream, whatever the header
 * says; with an honest `Content-Length` every byte is copied once.
 * @throws OcrError `payload_too_large` as soon as more than `limitBytes` are announced or arrive
 */
export async function readBody(request: Request, limitBytes: number): Promise<Uint8Array> {
  const announced = Number(request.headers.get('content-length') ?? 0)
  if (announced > limitBytes) throw tooLarge(limitBytes)
  let buffer = new Uint8Array(announced)
  let length = 0
  for await (const chunk of request.body ?? []) {
    const end = length + chunk.length
    if (end > limitBytes) throw tooLarge(limitBytes)
    if (end > buffer.length) buffer = grow(buffer, Math.min(limitBytes, Math.max(end, 2 * length)))
    buffer.set(chunk, length)
    length = end
  }
  return buffer.subarray(0, length)
}

/**
 * Takes in a body that nobody wants, without keeping it. An answer to a request whose body is still being
 * sent may be lost: the connection is reset when it is closed with bytes unread.
 */
export async function discardBody(request: Request): Promise<void> {
  for await (const _chunk of request.body ?? []) {
    // Nothing is done with it.
  }
}

function grow(buffer: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(size)
  larger.set(buffer)
  return larger
}

export const tooLarge = (limitBytes: number): OcrError =>
  new OcrError('payload_too_large', `The request has more than the ${inMiB(limitBytes)} allowed.`)

const inMiB = (bytes: number): string => `${Math.floor((bytes / 2 ** 20) * 100) / 100} MiB`
