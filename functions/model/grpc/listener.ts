import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { constants, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import {
  abortReason,
  errorKindHeader,
  invalid,
  OcrError,
  toOcrError,
} from '../../contract/errors.ts'
import type { Admission } from '../../platform/admission.ts'
import { encodings } from '../../platform/compression.ts'
import { createDeadline } from '../../platform/deadline.ts'
import { type Log, logFailure } from '../../platform/log.ts'
import { copiedBytes, type Receiving } from '../../platform/receiving.ts'
import type { RequestObserver } from '../../platform/request-observer.ts'
import type { Listener } from '../../platform/server.ts'
import { encodingOf, frame, readMessages } from './frames.ts'
import type { Call, Method } from './method.ts'

/** Messages to the methods that need no place are short. */
const maxShortMessageBytes = 64 * 1024

export interface GrpcOptions {
  readonly methods: readonly Method[]
  readonly log: Log
  readonly observer: RequestObserver
  readonly admission: Admission
  readonly receiving: Receiving
  /** Most bytes of a message, compressed or not. */
  readonly maxBodyBytes: number
}

/**
 * Serves gRPC over HTTP/2 ("PROTOCOL-HTTP2" of gRPC) and leaves every other request to the next listener. The
 * framing is ours and not a library's, because those decode a message before a place is asked for and its
 * fields are counted.
 */
export function createGrpcListener(options: GrpcOptions): (next: Listener) => Listener {
  const { log, observer } = options
  const methods = new Map(options.methods.map((method) => [method.path, method]))

  const serve = async (request: Http2ServerRequest, response: Http2ServerResponse) => {
    const method = methods.get(request.url)
    const requestId = requestIdOf(request)
    response.setHeader('x-request-id', requestId)
    const observed = observer.begin({
      requestId,
      method: 'gRPC',
      path: request.url,
      header: (name) => header(request, name),
    })
    let facts: object | undefined
    const tell = (told: object) => {
      facts = told
    }
    const error = await observed
      .run(() => answer(method, { request, response, tell }, options))
      .then(
        () => undefined,
        (thrown: unknown) => (request.aborted ? abortReason(thrown) : toOcrError(thrown)),
      )
    // What is left of an upload is let run out; a reset could overtake the status.
    request.resume()
    end(response, error)
    if (error) logFailure(log, requestId, error)
    const [route, status] = [method?.path ?? '/*', error?.grpcCode ?? 0]
    observed.end({ route, status, error: error?.kind, facts })
  }

  return (next) => (request, response) => {
    if (!isGrpc(request)) return next(request, response)
    serve(request, response as Http2ServerResponse).catch((error: unknown) => {
      log.error({ err: error }, 'call could not be answered')
      request.stream.close(constants.NGHTTP2_INTERNAL_ERROR)
    })
  }
}

const contentType = /^application\/grpc(?:\+proto)?(?:;|$)/i

const isGrpc = (request: Parameters<Listener>[0]): request is Http2ServerRequest =>
  request.httpVersionMajor === 2 &&
  request.method === 'POST' &&
  contentType.test(request.headers['content-type'] ?? '')

interface Exchange extends Pick<Call, 'tell'> {
  readonly request: Http2ServerRequest
  readonly response: Http2ServerResponse
}

/** Answers the messages of a call; how it ends is not told yet. */
async function answer(
  method: Method | undefined,
  { request, response, tell }: Exchange,
  { admission, receiving, maxBodyBytes }: GrpcOptions,
): Promise<void> {
  if (!method) throw new OcrError('not_found', 'There is no such method; reflection lists them.')
  using place = method.needsPlace ? admission.admit() : undefined
  using memory = method.needsPlace ? receiving.open() : undefined
  using deadline = callDeadline(request, response)
  const { signal } = deadline
  signal.addEventListener('abort', () => request.destroy(signal.reason), { once: true })
  try {
    const encoding = encodingOf(header(request, 'grpc-encoding'))
    const ownEncoding = accepts(request, encoding) ? encoding : undefined
    const limitBytes = method.needsPlace ? maxBodyBytes : maxShortMessageBytes
    // An early end of this loop must not reset the stream, which still has to carry the status.
    const chunks = request.iterator({ destroyOnReturn: false })
    let count = 0
    for await (const message of readMessages(chunks, { encoding, limitBytes, memory })) {
      if (++count > 1 && method.isUnary) invalid('The method takes one message only.')
      const keep: Call['keep'] = (parts) =>
        memory?.hold(message.length + copiedBytes(message, parts))
      const bytes = await method.answer(message, { signal, tell, keep })
      // Others need not wait until this client takes its answer.
      if (method.isUnary) place?.[Symbol.dispose]()
      if (!response.headersSent) response.writeHead(200, answerHeaders(ownEncoding))
      if (!response.write(await frame(bytes, ownEncoding)))
        await once(response, 'drain', { signal })
    }
    if (count === 0) invalid('The call has no message.')
  } catch (error) {
    throw signal.aborted ? signal.reason : error
  }
}

/** Whether the client reads answers in this encoding, which need not be so because it sends by it. */
const accepts = (request: Http2ServerRequest, encoding: string | undefined): boolean =>
  encoding !== undefined &&
  (header(request, 'grpc-accept-encoding') ?? '').split(/ *, */).includes(encoding)

const answerHeaders = (encoding: string | undefined) => ({
  'content-type': 'application/grpc+proto',
  'grpc-accept-encoding': encodings.join(),
  ...(encoding && { 'grpc-encoding': encoding }),
})

/** Ends a call with its status. */
function end(response: Http2ServerResponse, error: OcrError | undefined): void {
  const { stream } = response
  if (stream.closed || stream.destroyed) return
  if (!response.headersSent) response.writeHead(200, answerHeaders(undefined))
  response.addTrailers(error ? statusOf(error) : { 'grpc-status': '0' })
  response.end()
}

const statusOf = (error: OcrError): Record<string, string> => ({
  'grpc-status': String(error.grpcCode),
  'grpc-message': encodeURIComponent(error.message),
  [errorKindHeader]: error.kind,
  ...(error.retryAfterSeconds && { 'retry-after': String(error.retryAfterSeconds) }),
})

/** Aborts when the client has gone, or its own deadline has passed. */
function callDeadline(request: Http2ServerRequest, response: Http2ServerResponse) {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const ms = timeoutMs(header(request, 'grpc-timeout'))
  return createDeadline('The call', Math.min(ms, longestTimerMs), gone.signal)
}

const longestTimerMs = 2 ** 31 - 1
const millisecondsPer = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 }

/** The `grpc-timeout` of a call ("Timeout" in PROTOCOL-HTTP2). */
function timeoutMs(timeout: string | undefined): number {
  if (timeout === undefined) return longestTimerMs
  const [, digits, unit] = /^(\d{1,8})([HMSmun])$/.exec(timeout) ?? []
  if (!digits) invalid('The header grpc-timeout must be up to 8 digits and a unit such as "S".')
  return Number(digits) * millisecondsPer[unit as keyof typeof millisecondsPer]
}

const header = (request: Http2ServerRequest, name: string): string | undefined =>
  request.headers[name]?.toString()

/** The client's id if it is sound, like the ids that the HTTP edge takes; or a new one. */
function requestIdOf(request: Http2ServerRequest): string {
  const id = header(request, 'x-request-id') ?? ''
  return /^[\w=-]{1,128}$/.test(id) ? id : randomUUID()
}
