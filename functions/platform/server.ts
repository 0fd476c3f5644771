import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import { OcrError } from '../contract/errors.ts'
import { announceEnd, endUnread, linger } from './early-answer.ts'
import { clientError, requestError, toRawAnswer, toResponse } from './early-errors.ts'
import type { DescribeError } from './http.ts'
import { createHttp2Handler, type Http2Handler } from './http2.ts'
import { withIncomingBody } from './incoming-body.ts'
import { shareConnections } from './one-port.ts'
import type { RequestMeter } from './telemetry/server-metrics.ts'
import { limitUnread } from './unread-answer.ts'

/** For the headers alone; a client that trickles them is cut off with 408. */
const headersTimeoutMs = 5_000
/** A client that is slower loses its answer, which takes memory until then. */
const takeAnswerMs = 30_000
/** Requests that may follow on a connection before the first is answered: Node begins with all that it has got. */
const maxPipelined = 16

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
  /** Is told of what never becomes a request. */
  readonly meter?: Pick<RequestMeter, 'refused' | 'dropped'>
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  /** Connections at once, and requests at once over HTTP/2; one more is dropped, or refused. */
  readonly maxConnections?: number
  /** Time for a client to send a request. */
  readonly receiveTimeoutMs: number
  /** Time for which a client may take nothing of an answer that is there. */
  readonly answerTimeoutMs?: number
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
  const { intercept = (next) => next, meter, host, port, receiveTimeoutMs } = options
  const { answerTimeoutMs = takeAnswerMs, idleTimeoutMs = keepAliveMs } = options
  const { maxConnections = Number.POSITIVE_INFINITY } = options
  const serve = intercept(createListener(options))
  const listener: Listener = (incoming, outgoing) => {
    limitUnread({ incoming, outgoing }, answerTimeoutMs)
    serve(incoming, outgoing)
  }
  const limits = { maxConnections, receiveTimeoutMs, idleTimeoutMs }
  const http2 = createHttp2Handler({
    ...limits,
    listener,
    maxRequests: maxConnections,
    onRefused: () => meter?.refused('overloaded'),
  })
  const server = createHttp1Server(listener, { ...options, ...limits })
  const undecided = shareConnections(server, http2, server.headersTimeout)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve)
  })
  const address = server.address() as AddressInfo
  return { port: address.port, close: (graceMs) => close(server, http2, undecided, graceMs) }
}

type Http1Options = Pick<ListenOptions, 'describeError' | 'meter'> &
  Required<Pick<ListenOptions, 'maxConnections' | 'receiveTimeoutMs' | 'idleTimeoutMs'>>

function createHttp1Server(listener: Listener, options: Http1Options): Server {
  const { describeError, meter, maxConnections, receiveTimeoutMs, idleTimeoutMs } = options
  const limits = {
    headersTimeout: Math.min(headersTimeoutMs, receiveTimeoutMs),
    requestTimeout: receiveTimeoutMs,
    keepAliveTimeout: idleTimeoutMs,
    connectionsCheckingInterval: 1_000,
    // Without a host there is an error of ours, and not Node's without a body.
    requireHostHeader: false,
  }
  const limited = limitPipelining(listener, () => meter?.refused('overloaded'))
  const server = createServer(limits, limited)
  server.maxConnections = maxConnections
  // Connections that are only kept open make room for the next that come.
  server.on('drop', () => {
    meter?.dropped()
    server.closeIdleConnections()
  })
  // Who asks whether to go on is told by the first read of the body. Any other expectation is ignored, as it may be
  // (RFC 9110, 10.1.1).
  for (const event of ['checkContinue', 'checkExpectation']) server.on(event, limited)
  const refuse = (socket: Duplex, error: OcrError) => {
    if (!socket.writable) return socket.destroy()
    meter?.refused(error.kind)
    socket.write(toRawAnswer(error, describeError))
    // The parser would fail again at whatever follows.
    socket.pause()
    linger(socket)
  }
  server.on('clientError', (error, socket) => refuse(socket, clientError(error)))
  server.on('connect', (_request, socket) =>
    refuse(socket, new OcrError('method_not_allowed', 'CONNECT is not taken here.')),
  )
  return server
}

/** Cuts a connection off on which too many requests wait for their answers. */
function limitPipelining(listener: Listener, onRefused: () => void) {
  const unanswered = new WeakMap<Socket, number>()
  return (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { socket } = incoming
    const count = (change: 1 | -1) => {
      const sum = (unanswered.get(socket) ?? 0) + change
      unanswered.set(socket, sum)
      return sum
    }
    outgoing.once('close', () => count(-1))
    if (count(1) <= maxPipelined) return listener(incoming, outgoing)
    if (!socket.destroyed) onRefused()
    socket.destroy()
  }
}

/** Answers by web Requests and Responses. */
function createListener({ fetch, describeError }: ListenOptions): Listener {
  const answer = getRequestListener(
    async (request, exchange) => {
      const response = await fetch(withIncomingBody(request, exchange), exchange)
      announceEnd(exchange)
      return response
    },
    {
      overrideGlobalObjects: false,
      autoCleanupIncoming: false,
      errorHandler: (thrown) => toResponse(requestError(thrown), describeError),
    },
  )
  return (incoming, outgoing) => {
    endUnread({ incoming, outgoing })
    void answer(incoming, outgoing)
  }
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
