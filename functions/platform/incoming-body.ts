import { OcrError } from '../contract/errors.ts'
import type { Exchange } from './http.ts'

/** Smaller pieces are put together: each that somebody keeps costs some 200 bytes beside what it holds. */
const joinedBytes = 16 * 1024

/**
 * The request with a body that is taken from the connection only as it is read, so that what nobody reads is
 * never sent: a client that asks by `Expect: 100-continue` is told to go on by the first read. A reader that
 * stops, or cancels, leaves the rest where it is.
 * @throws OcrError `invalid_request` for a method or a URL that the web's Request does not know
 */
export function withIncomingBody(request: Request, exchange: Exchange): Request {
  const { url, method, headers, signal } = request
  if (bodiless.includes(method)) return request
  const body = hasBody(exchange) ? ReadableStream.from(joined(arriving(exchange))) : null
  try {
    return new Request(url, { method, headers, signal, body, duplex: 'half' })
  } catch (cause) {
    const message = 'The method or the path of the request is not valid.'
    throw new OcrError('invalid_request', message, { cause })
  }
}

/** The web gives no body to these methods. */
const bodiless = ['GET', 'HEAD', 'TRACE']

function hasBody({ incoming }: Exchange): boolean {
  if ('stream' in incoming) return !incoming.stream.endAfterHeaders
  const { headers } = incoming
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0
}

async function* arriving({ incoming, outgoing }: Exchange): AsyncGenerator<Uint8Array> {
  const mayContinue = /^100-continue$/i.test(incoming.headers.expect ?? '')
  if (mayContinue && !outgoing.headersSent) outgoing.writeContinue()
  yield* incoming.iterator({ destroyOnReturn: false })
}

/** The same bytes in pieces of which no two that follow each other come to less than `joinedBytes`. */
export async function* joined(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const small = new Uint8Array(joinedBytes)
  let length = 0
  for await (const chunk of chunks) {
    if (length > 0 && length + chunk.length > small.length) {
      yield small.slice(0, length)
      length = 0
    }
    if (chunk.length < small.length) {
      small.set(chunk, length)
      length += chunk.length
    } else yield chunk
  }
  if (length > 0) yield small.subarray(0, length)
}
