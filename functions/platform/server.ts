import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { OcrError } from '../contract/errors.ts'
import { clientError, requestError, toRawAnswer, toResponse } from './early-errors.ts'
import type { DescribeError } from './http.ts'
import { createHttp2Handler, type Http2Handler } from './http2.ts'

/** For the headers alone; a client that trickles them is cut off with 408. */
const headersTimeoutMs = 5_000
/** Longer than the 60 s for which proxies keep idle connections, so that they close them first. */
const keepAliveMs = 75_000

export type Listener = (
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
) => void

interface ListenOptions {
  readonly fetch: Parameters<typeof getRequestListener>[0]
  /** Puts a listener before `fetch`, which gets the requests that it passes on. */
  readonly intercept?: (next: Listener) => Listener
  /** How an error is told that is found before there is a request. */
  readonly describeError: DescribeError
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  /** Time for a client to send a request. */
  readonly receiveTimeoutMs: number
  /** Time for which a connection may do nothing. */
  readonly idleTimeoutMs?: number
}

export interface RunningServer {
  readonly port: number
  /**
   * Takes no new connection, lets requests under way finish for `graceMs`, then cuts them off, which
   * cancels their work. Resolves when no connection is left.
   */
  close(graceMs: number): Promise<void>
}

/**
 * Listens on one port for HTTP/1.1 and for HTTP/2 with prior knowledge, both without TLS. Rejects when the
 * address cannot be had.
 */
export async function listen(options: ListenOptions): Promise<RunningServer> {
  const { fetch, intercept = (next) => next, describeError, host, port } = options
  const { receiveTimeoutMs, idleTimeoutMs = keepAliveMs } = options
  const rest = getRequestListener(fetch, {
    overrideGlobalObjects: false,
    errorHandler: (thrown) => toResponse(requestError(thrown), describeError),
  })
  const listener = intercept(rest as Listener)
  const http2 = createHttp2Handler({ listener, receiveTimeoutMs, idleTimeoutMs })
  const limits = {
    headersTimeout: Math.min(headersTimeoutMs, receiveTimeoutMs),
    requestTimeout: receiveTimeoutMs,
    keepAliveTimeout: idleTimeoutMs,
    connectionsCheckingInterval: 1_000,
    // Without a host there is an error of ours, and not Node's without a body.
    requireHostHeader: false,
  }
  const server = createServer(limits, listener)
  server.on('clientError', (error, socket) => {
    const end = () => socket.destroy()
    if (socket.writable) socket.end(toRawAnswer(clientError(error), describeError), end)
    else end()
  })
  // Any other expectation than 100-continue is ignored, as it may be (RFC 9110, 10.1.1).
  server.on('checkExpectation', listener)
  server.on('connect', (_request, socket) => {
    const error = new OcrError('method_not_allowed', 'CONNECT is not taken here.')
    socket.end(toRawAnswer(error, describeError), () => socket.destroy())
  })
  const undecided = shareConnections(server, http2, limits.headersTimeout)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve)
  })
  const address = server.address() as AddressInfo
  return { port: address.port, close: (graceMs) => close(server, http2, undecided, graceMs) }
}

const prefaceStart = Buffer.from('PRI')

/**
 * Hands connections that begin with HTTP/2's preface (RFC 9113, 3.4) on, and leaves the others to `server`.
 * @returns connections that have not said yet what they are, now and later
 */
function shareConnections(server: Server, http2: Http2Handler, timeoutMs: number): Set<Socket> {
  const undecided = new Set<Socket>()
  const [serveHttp1] = server.listeners('connection')
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    // Without this, HTTP/2 does not notice that a client has gone.
    socket.allowHalfOpen = false
    socket.on('error', () => socket.destroy())
    const timeout = setTimeout(() => socket.destroy(), timeoutMs)
    undecided.add(socket)
    const decide = () => {
      clearTimeout(timeout)
      undecided.delete(socket)
    }
    socket.once('close', decide)
    socket.on('readable', function onReadable() {
      const start = socket.read(prefaceStart.length)
      if (start === null) return
      decide()
      socket.off('readable', onReadable)
      socket.unshift(start)
      if (prefaceStart.equals(start)) return http2.serve(socket)
      socket.allowHalfOpen = true
      serveHttp1?.call(server, socket)
      socket.resume()
    })
  })
  return undecided
}

function close(
  server: Server,
  http2: Http2Handler,
  undecided: ReadonlySet<Socket>,
  graceMs: number,
): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => {
      server.closeAllConnections()
      http2.destroy()
    }, graceMs)
    server.close(() => {
      clearTimeout(cut)
      resolve()
    })
    http2.drain()
    for (const socket of undecided) socket.destroy()
  })
}
