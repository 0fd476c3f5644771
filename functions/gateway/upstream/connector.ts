import { buildConnector } from 'undici'
import { notConnected } from './upstream-error.ts'

export interface Connector {
  readonly connect: buildConnector.connector
  /** Whether it broke a connection that had served before, and so may have been gone when it was used again. */
  brokeKeptConnection(error: unknown): error is Error
}

/**
 * Connects to the model and remembers what undici does not tell: whether an error is one of connecting, and
 * whether it came on a connection that was kept from an earlier call.
 */
export function createConnector({ timeoutMs }: { timeoutMs: number }): Connector {
  // With HTTP/2 one connection, and so one pod behind a Kubernetes service, would get every call.
  const connectTo = buildConnector({ timeout: timeoutMs, allowH2: false })
  const brokeKept = new WeakSet<Error>()
  return {
    connect(options, callback) {
      connectTo(options, (error, socket) => {
        if (error) return callback(notConnected(error), null)
        socket.on('error', (broken) => {
          if (socket.bytesRead > 0 && isClosedByPeer(broken)) brokeKept.add(broken)
        })
        callback(null, socket)
      })
    },
    brokeKeptConnection: (error): error is Error => error instanceof Error && brokeKept.has(error),
  }
}

const closedByPeer: readonly unknown[] = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']

const isClosedByPeer = (error: Error): boolean =>
  'code' in error && closedByPeer.includes(error.code)
