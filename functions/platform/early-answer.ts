import type { Duplex } from 'node:stream'
import type { Exchange } from './http.ts'

/** For a client to read an answer to what it is still sending. */
const lingerMs = 1_000

/** Whether something of a request may still have to arrive. */
const isUnread = ({ incoming }: Exchange): boolean =>
  'stream' in incoming ? !incoming.stream.endAfterHeaders && !incoming.complete : !incoming.complete

/** Tells that a connection will end with the answer if {@link endUnread} will have it do so; HTTP/2 does not tell. */
export function announceEnd(exchange: Exchange): void {
  if ('stream' in exchange.incoming || !isUnread(exchange)) return
  exchange.outgoing.setHeader('Connection', 'close')
}

/**
 * Has a request end with its answer when that is there before all of the body; no more of the body is taken in than
 * is on its way. Over HTTP/1.1 the connection ends as well. A client that is still sending is given time to read the
 * answer, because a reset overtakes it.
 */
export function endUnread(exchange: Exchange): void {
  const { incoming, outgoing } = exchange
  if ('stream' in incoming) {
    const { stream } = incoming
    stream.once('finish', () => {
      if (!isUnread(exchange)) return
      // Node would reset a stream now that nobody has read from, and has not paused.
      stream.pause()
      // Not an error: the answer is whole, and the rest of the request is not wanted (RFC 9113, 8.1).
      closeLater(stream, () => stream.close())
    })
    return
  }
  outgoing.prependOnceListener('finish', () => {
    if (!isUnread(exchange)) return
    // Node would take in all of a request that nobody has read from. Of this one the stream's buffer is the bound.
    incoming.read()
    const { socket } = incoming
    // By this Node closes a connection after its last answer.
    socket.destroySoon = () => undefined
    linger(socket)
  })
}

/** Ends our side of a connection, so that its client knows that all is said, and soon the connection. */
export function linger(socket: Duplex): void {
  socket.end()
  closeLater(socket, () => socket.destroy())
}

function closeLater(stream: Duplex, close: () => void): void {
  const timeout = setTimeout(close, lingerMs)
  stream.once('close', () => clearTimeout(timeout))
}
