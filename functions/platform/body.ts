import { OcrError, tooLarge } from '../contract/errors.ts'
import { collect } from './collect.ts'
import { decompress, type Encoding, encodingNamed, encodings } from './compression.ts'
import type { Hold } from './receiving.ts'

/**
 * Reads a request body into one buffer, without its `Content-Encoding`. What is beyond the limit is left unread.
 * @param limitBytes most bytes, as sent and decompressed
 * @param memory is told how many bytes are held, as they arrive and while they are decompressed
 * @throws OcrError `payload_too_large` when more are announced, or have arrived, `unsupported_media` for another
 *   encoding, `invalid_request` for damaged compression, `overloaded` by the memory
 */
export async function readBody(
  request: Request,
  limitBytes: number,
  memory?: Hold,
): Promise<Uint8Array> {
  const encoding = encodingOf(request)
  const announcedBytes = Number(request.headers.get('content-length') ?? 0)
  if (announcedBytes > limitBytes) throw tooLarge(limitBytes)
  const body = await collect(chunksOf(request), { limitBytes, announcedBytes, memory })
  if (!encoding) return body
  memory?.hold(body.length + limitBytes)
  const decompressed = await decompress(body, encoding, limitBytes)
  memory?.hold(decompressed.length)
  return decompressed
}

/** Of a `Content-Type`, without its parameters and in lower case; empty if there is none. */
export const mediaTypeOf = (contentType: string | null | undefined): string =>
  contentType?.split(';')[0]?.trim().toLowerCase() ?? ''

function encodingOf({ headers }: Request): Encoding | undefined {
  const name = headers.get('content-encoding')?.trim().toLowerCase() || 'identity'
  if (name === 'identity') return undefined
  const encoding = encodingNamed(name)
  if (encoding) return encoding
  const message = `Content-Encoding may be ${encodings.join(' or ')}, and nothing else.`
  throw new OcrError('unsupported_media', message)
}

/** Whoever stops to read them leaves the rest to be read, or discarded, by others. */
const chunksOf = ({ body }: Request): AsyncIterable<Uint8Array> | Iterable<Uint8Array> =>
  body?.values({ preventCancel: true }) ?? []

/**
 * Takes in what is left of a body that nobody wants, without keeping it, until the time to receive it is over.
 * @param limitBytes a body that is longer, or whose length is not known, is left as it is; and one that is not sent yet
 */
export async function discardBody(request: Request, limitBytes: number): Promise<void> {
  // A client that has asked whether to send its body sends none after an error.
  if (request.headers.has('expect') || lengthOf(request) > limitBytes) return
  try {
    if (request.body?.locked) return
    for await (const _chunk of chunksOf(request)) {
      // Nothing is done with it.
    }
  } catch {
    // The client has gone, or took too long.
  }
}

const lengthOf = ({ headers }: Request): number =>
  Number(headers.get('content-length') ?? Number.POSITIVE_INFINITY)
