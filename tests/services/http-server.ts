import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { TestContext } from 'node:test'

/** A server of a test, on a free port. */
export interface HttpServer extends AsyncDisposable {
  readonly origin: string
  readonly port: number
  /** Connections that were made. */
  readonly connections: number
  /** Nothing listens from here on, and what was open is broken. */
  stop(): Promise<void>
  /** Listens again on the same port. */
  restart(): Promise<void>
}

/** @throws Error if the host is no address of this machine */
export async function startServer(
  listener: RequestListener,
  host = '127.0.0.1',
): Promise<HttpServer> {
  let connections = 0
  const server = createServer(listener).on('connection', () => connections++)
  const listen = async (port: number) => {
    await once(server.listen(port, host), 'listening')
  }
  const stop = () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeAllConnections()
    return closed
  }
  await listen(0)
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://${host}:${port}`,
    port,
    get connections() {
      return connections
    },
    stop,
    restart: () => listen(port),
    [Symbol.asyncDispose]: stop,
  }
}

/** Takes a whole request in before it is answered; a client that has gone by then is nobody to answer. */
export const withBody =
  (
    answer: (request: IncomingMessage, response: ServerResponse, body: Buffer) => void,
  ): RequestListener =>
  async (request, response) => {
    const body = await buffer(request).catch(() => undefined)
    if (body) answer(request, response, body)
  }

export interface RecordingServer extends HttpServer {
  /** Requests that arrived, with their bodies. */
  readonly received: ReadonlyArray<{ readonly request: IncomingMessage; readonly body: Buffer }>
}

/** A server that takes a whole request in and then does as told, until the test is over. */
export async function recordingServer(
  t: TestContext,
  answer: RequestListener,
): Promise<RecordingServer> {
  const received: Array<RecordingServer['received'][number]> = []
  const server = await startServer(
    withBody((request, response, body) => {
      received.push({ request, body })
      answer(request, response)
    }),
  )
  t.after(server.stop)
  return Object.assign(server, { received })
}

export const answering =
  (status: number, body: string, headers: Record<string, string> = {}): RequestListener =>
  (_, response) => {
    response.writeHead(status, headers).end(body)
  }

/** Answers each request by the next listener; the last one answers all others. */
export function inTurn(...listeners: readonly RequestListener[]): RequestListener {
  let turn = 0
  return (request, response) => {
    listeners[Math.min(turn++, listeners.length - 1)]?.(request, response)
  }
}

/** Breaks the connection without a byte of an answer. */
export const reset: RequestListener = (request) => request.socket.resetAndDestroy()
