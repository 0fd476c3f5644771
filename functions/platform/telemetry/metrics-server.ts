import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { errorTable } from '../../contract/errors.ts'

/** Prometheus has one, or two of them are about to be exchanged. */
export const maxConnections = 16
/** Prometheus gives up by then; so much later nobody waits. */
const patienceMs = 10_000
const contentType = 'text/plain; version=0.0.4; charset=utf-8'

export interface MetricsServer {
  readonly port: number
  /** Ends every connection. */
  close(): Promise<void>
}

interface MetricsServerOptions {
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  /** Gives all metrics in the text format of Prometheus. */
  readonly read: () => Promise<string>
  /** Time for a client to send its request, and for which nothing may move on a connection. */
  readonly timeoutMs?: number
}

/** Serves `/metrics` on a port of its own, which no route of the cluster leads to. Rejects when it cannot be had. */
export async function serveMetrics(options: MetricsServerOptions): Promise<MetricsServer> {
  const { host, port, read, timeoutMs = patienceMs } = options
  const limits = {
    headersTimeout: timeoutMs,
    requestTimeout: timeoutMs,
    connectionsCheckingInterval: timeoutMs / 10,
    maxHeaderSize: 8_192,
  }
  const server = createServer(limits, answerBy(read))
  server.setTimeout(timeoutMs)
  server.maxConnections = maxConnections
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve)
  })
  // It alone does not keep a service running.
  server.unref()
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const answerBy =
  (read: () => Promise<string>): RequestListener =>
  (request, response) => {
    const [path] = (request.url ?? '').split('?')
    if (path !== '/metrics') return response.writeHead(errorTable.not_found.status).end()
    if (request.method !== 'GET') {
      return response.writeHead(errorTable.method_not_allowed.status, { allow: 'GET' }).end()
    }
    read().then(
      (text) => response.writeHead(200, { 'content-type': contentType }).end(text),
      () => response.writeHead(errorTable.internal.status).end(),
    )
  }
