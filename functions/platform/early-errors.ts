import { RequestError } from '@hono/node-server'
import { errorKindHeader, OcrError, toOcrError } from '../contract/errors.ts'
import type { DescribeError } from './http.ts'

// Errors that are found before there is a whole request for the app to answer.

export const tooSlow = (): OcrError =>
  new OcrError('request_timeout', 'The request took too long to arrive; send it faster.')

/** What Node's HTTP/1.1 parser and its time limits say of a client. */
export function clientError(error: Error & { code?: string }): OcrError {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return tooSlow()
  if (error.code === 'HPE_HEADER_OVERFLOW') {
    return new OcrError('headers_too_large', 'The headers of the request are too large.')
  }
  return new OcrError('invalid_request', 'The request is not valid HTTP.')
}

/** What was thrown where a web Request is made of Node's. */
export function requestError(thrown: unknown): OcrError {
  if (!(thrown instanceof RequestError)) return toOcrError(thrown)
  const message = 'The host or the path of the request is not valid.'
  return new OcrError('invalid_request', message, { cause: thrown })
}

export function toResponse(error: OcrError, describeError: DescribeError): Response {
  const { contentType, body } = describeError(error)
  const headers = { 'content-type': contentType, [errorKindHeader]: error.kind }
  return new Response(JSON.stringify(body), { status: error.status, headers })
}

/** A whole HTTP/1.1 answer, for a connection that has no response to write it to. */
export function toRawAnswer(error: OcrError, describeError: DescribeError): string {
  const { contentType, body } = describeError(error)
  const json = JSON.stringify(body)
  return [
    `HTTP/1.1 ${error.status} ${error.kind}`,
    `${errorKindHeader}: ${error.kind}`,
    `Content-Type: ${contentType}`,
    `Content-Length: ${Buffer.byteLength(json)}`,
    'Connection: close',
    '',
    json,
  ].join('\r\n')
}
