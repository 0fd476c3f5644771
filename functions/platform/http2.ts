import {
  constants,
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2'
import type { Socket } from 'node:net'
import { tooSlow } from './early-errors.ts'

/** Requests at once on one connection; a client opens another connection for more. */
const maxStreams = 100
/**
 * Bytes that may be under way to us on one stream, and on one connection. With the protocol's own 64 KiB an
 * image of 20 MiB would wait for the network's round trip 320 times. Whoever is refused can send one window.
 */
const streamWindowBytes = 768 * 1024
const connectionWindowBytes = 8 * 2 ** 20
/** Megabytes of what a connection holds, answers among it, before new requests on it are refused. */
const maxSessionMemory = 64

/** For the answer that a request took too long, before its stream is cancelled. */
const answerMs = 1_000

interface Http2Options {
  readonly listener: (request: Http2ServerRequest, response: Http2ServerResponse) => void
  /** Requests at once over all connections; one more is refused. */
  readonly maxRequests: number
  readonly onRefused: () => void
  /** Time for a client to send a request. */
  readonly receiveTimeoutMs: number
  /** Time for which a connection, or an answer that has begun, may do nothing. */
  readonly idleTimeoutMs: number
}

/** HTTP/2 on connections that somebody else accepts. */
export interface Http2Handler {
  serve(socket: Socket): void
  /** Lets requests under way finish, and takes no more. */
  drain(): void
  /** Cuts all connections off. */
  destroy(): void
}

/** Serves HTTP/2 with prior knowledge, without TLS (RFC 9113, 3.3). */
export function createHttp2Handler(options: Http2Options): Http2Handler {
  const { listener, maxRequests, onRefused, receiveTimeoutMs, idleTimeoutMs } = options
  const sessions = new Set<ServerHttp2Session>()
  const server = createServer({
    maxSessionMemory,
    settings: { maxConcurrentStreams: maxStreams, initialWindowSize: streamWindowBytes },
  })
  let open = 0
  // Node tells of a request with an expectation by events of their own.
  for (const event of ['request', 'checkContinue', 'checkExpectation']) {
    server.on(event, (request: Http2ServerRequest, response: Http2ServerResponse) => {
      // Whoever destroys a request says why to its reader, if it has one.
      request.on('error', () => undefined)
      // Refused so, it may be sent again as if it had never been sent (RFC 9113, 8.7).
      if (open >= maxRequests) {
        onRefused()
        return request.stream.close(constants.NGHTTP2_REFUSED_STREAM)
      }
      open++
      request.stream.once('close', () => open--)
      limitReceiving(request, receiveTimeoutMs)
      listener(request, response)
    })
  }
  const sockets = new Set<Socket>()
  let isDraining = false
  server.on('session', (session) => {
    sessions.add(session)
    session.once('close', () => sessions.delete(session))
    session.setLocalWindowSize(connectionWindowBytes)
    session.setTimeout(idleTimeoutMs, () => session.close())
    if (isDraining) session.close()
  })
  return {
    serve: (socket) => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
      server.emit('connection', socket)
    },
    drain: () => {
      isDraining = true
      for (const session of sessions) session.close()
    },
    destroy: () => {
      for (const session of sessions) session.destroy()
      // A session that was told to close leaves it to its client to do so.
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** Node has such a limit for HTTP/1.1 only. Whoever reads the request is told by an error. */
function limitReceiving(request: Http2ServerRequest, ms: number): void {
  const { stream } = request
  if (stream.endAfterHeaders) return
  let cut: NodeJS.Timeout | undefined
  const timeout = setTimeout(() => {
    request.destroy(tooSlow())
    cut = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), answerMs)
  }, ms)
  stream.once('end', () => clearTimeout(timeout))
  stream.once('close', () => {
    clearTimeout(timeout)
    clearTimeout(cut)
  })
}
