import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Http2Handler } from './http2.ts'

const prefaceStart = Buffer.from('PRI')

/**
 * Puts two protocols on one port: hands connections that begin with HTTP/2's preface (RFC 9113, 3.4) on, and leaves
 * the others to `server`.
 * @param timeoutMs for a connection to say what it is
 * @returns connections that have not said yet what they are, now and later
 */
export function shareConnections(
  server: Server,
  http2: Http2Handler,
  timeoutMs: number,
): ReadonlySet<Socket> {
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
