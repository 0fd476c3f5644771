import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Prometheus has one, or two of them are about to be exchanged. */
const maxConnections = 16
const timeoutMs = 5_000
const contentType = 'text/plain; version=0.0.4; charset=utf-8'

export interface MetricsServer {
  readonly port: number
  /** Ends every connection. */
  close(): Promise<void>
}

/**
 * Serves `/metrics` on a port of its own, which no route of the cluster leads to. Rejects when it cannot be had.
 * @param options.read gives all metrics in the text format of Prometheus
 */
export async function serveMetrics(options: {
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  readonly read: () => Promise<string>
}): Promise<MetricsServer> {
  const { host, port, read } = options
  const limits = { headersTimeout: timeoutMs, requestTimeout: timeoutMs, maxHeaderSize: 8_192 }
  const server = createServer(limits, (request, response) => {
    const [path] = (request.url ?? '').split('?')
    if (path !== '/metrics') return response.writeHead(notFound).end()
    if (request.method !== 'GET') return response.writeHead(notAllowed, { allow: 'GET' }).end()
    read().then(
      (text) => response.writeHead(200, { 'content-type': contentType }).end(text),
      () => response.writeHead(failed).end(),
    )
  })
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

const [notFound, notAllowed, failed] = [404, 405, 500]
