import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'

/** For the headers alone; a client that trickles them is cut off with 408. */
const headersTimeoutMs = 5_000
/** Longer than the 60 s for which proxies keep idle connections, so that they close them first. */
const keepAliveMs = 75_000

interface ListenOptions {
  readonly fetch: Parameters<typeof getRequestListener>[0]
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  /** Time for a client to send a request. */
  readonly receiveTimeoutMs: number
}

export interface RunningServer {
  readonly port: number
  /**
   * Takes no new connection, lets requests under way finish for `graceMs`, then cuts them off, which
   * cancels their work. Resolves when no connection is left.
   */
  close(graceMs: number): Promise<void>
}

/** Listens on HTTP/1.1. Rejects when the address cannot be had. */
export async function listen(options: ListenOptions): Promise<RunningServer> {
  const { fetch, host, port, receiveTimeoutMs } = options
  const server = createServer(
    {
      headersTimeout: Math.min(headersTimeoutMs, receiveTimeoutMs),
      requestTimeout: receiveTimeoutMs,
      keepAliveTimeout: keepAliveMs,
      connectionsCheckingInterval: 1_000,
    },
    getRequestListener(fetch, { overrideGlobalObjects: false }),
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve)
  })
  const address = server.address() as AddressInfo
  return { port: address.port, close: (graceMs) => close(server, graceMs) }
}

function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs)
    server.close(() => {
      clearTimeout(cut)
      resolve()
    })
  })
}
