import {
  constants,
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2'
import type { Socket } from 'node:net'

/** Requests at once on one connection; a client opens another connection for more. */
const maxStreams = 100
/**
 * Bytes that may be under way to us on one stream, and on one connection. With the protocol's own 64 KiB an
 * image of 20 MiB would wait for the network's round trip 320 times.
 */
const streamWindowBytes = 2 ** 20
const connectionWindowBytes = 8 * 2 ** 20
/** Megabytes of what a connection holds, answers among it, before new requests on it are refused. */
const maxSessionMemory = 64

interface Http2Options {
  readonly listener: (request: Http2ServerRequest, response: Http2ServerResponse) => void
  /** Time for a client to send a request; its stream is cancelled when it takes longer. */
  readonly receiveTimeoutMs: number
  /** Time for which a connection may do nothing. */
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
  const { listener, receiveTimeoutMs, idleTimeoutMs } = options
  const sessions = new Set<ServerHttp2Session>()
  const server = createServer(
    {
      maxSessionMemory,
      settings: { maxConcurrentStreams: maxStreams, initialWindowSize: streamWindowBytes },
    },
    (request, response) => {
      limitReceiving(request, receiveTimeoutMs)
      listener(request, response)
    },
  )
  server.on('session', (session) => {
    sessions.add(session)
    session.once('close', () => sessions.delete(session))
    session.setLocalWindowSize(connectionWindowBytes)
    session.setTimeout(idleTimeoutMs, () => session.close())
  })
  return {
    serve: (socket) => void server.emit('connection', socket),
    drain: () => {
      for (const session of sessions) session.close()
    },
    destroy: () => {
      for (const session of sessions) session.destroy()
    },
  }
}

/** Node has such a limit for HTTP/1.1 only. */
function limitReceiving(request: Http2ServerRequest, ms: number): void {
  const { stream } = request
  if (stream.endAfterHeaders) return
  const timeout = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), ms)
  const done = () => clearTimeout(timeout)
  stream.once('end', done).once('close', done)
}
