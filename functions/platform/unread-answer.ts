import { constants } from 'node:http2'
import type { Exchange } from './http.ts'

/**
 * Cuts an answer off of which its client takes nothing for so long, over HTTP/1.1 and HTTP/2 alike; whoever works
 * for it is told that the client has gone. An answer that waits for us has nothing to be taken, and goes on.
 */
export function limitUnread({ incoming, outgoing }: Exchange, ms: number): void {
  if ('stream' in incoming) {
    const { stream } = incoming
    stream.setTimeout(ms)
    stream.on('timeout', () => {
      if (stream.writableLength > 0) stream.close(constants.NGHTTP2_CANCEL)
      else stream.setTimeout(ms)
    })
    return
  }
  const { socket } = incoming
  outgoing.setTimeout(ms)
  outgoing.on('timeout', () => {
    // The socket's own length is that of what is no longer the answer's.
    if (outgoing.writableLength + socket.writableLength > 0) socket.destroy()
    else outgoing.setTimeout(ms)
  })
}
