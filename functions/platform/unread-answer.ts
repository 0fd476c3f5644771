import { constants } from 'node:http2'
import type { Exchange } from './http.ts'

/** Bytes per second that a client has to take of what waits for it; less if it had to wait for us. */
const leastRate = 64 * 1024
/** How often it is looked whether a connection has gone without a word. */
const lookMs = 1_000

/**
 * Cuts an answer off of which its client takes nothing for so long, or which is not taken after that at some pace, over
 * HTTP/1.1 and HTTP/2 alike; whoever works for it is told that the client has gone. An answer that waits for us has
 * nothing to be taken, and goes on.
 */
export function limitUnread(exchange: Exchange, ms: number): void {
  const answer = answerOf(exchange)
  limitSilence(answer, ms)
  limitTime(answer, ms)
}

/** Tells once that an answer has been taken, has been cut off, or has lost its client. */
export function whenOver(exchange: Exchange, onOver: () => void): void {
  const { events, isOver } = answerOf(exchange)
  const end = () => {
    clearInterval(timer)
    events.off('close', end)
    onOver()
  }
  // An answer that stood behind another one on its connection is not told that this has ended.
  const timer = setInterval(() => {
    if (isOver()) end()
  }, lookMs).unref()
  events.once('close', end)
}

type Answer = ReturnType<typeof answerOf>

function answerOf({ incoming, outgoing }: Exchange) {
  if ('stream' in incoming) {
    const { stream } = incoming
    return {
      events: stream,
      unread: () => stream.writableLength,
      isOver: () => stream.destroyed,
      cut: () => stream.close(constants.NGHTTP2_CANCEL),
    }
  }
  const { socket } = incoming
  return {
    events: outgoing,
    // The socket's own length is that of what is no longer the answer's.
    unread: () => outgoing.writableLength + socket.writableLength,
    isOver: () => socket.destroyed,
    cut: () => void socket.destroy(),
  }
}

function limitSilence({ events, unread, cut }: Answer, ms: number): void {
  events.setTimeout(ms)
  events.on('timeout', () => {
    if (unread() > 0) cut()
    else events.setTimeout(ms)
  })
}

/** Other traffic on its connection, be it pings, breaks the silence of an answer, but gives it no more time. */
function limitTime({ events, unread, isOver, cut }: Answer, ms: number): void {
  let before = 0
  let deadline = 0
  const timer = setInterval(() => {
    const [now, length] = [performance.now(), unread()]
    // It begins anew with whatever has been taken.
    if (before === 0 || length < before) deadline = now + timeFor(length)
    else deadline += timeFor(length - before)
    before = length
    if (length > 0 && now >= deadline) cut()
    // An answer that stood behind another one on its connection is not told that this has ended.
    if (isOver()) clearInterval(timer)
  }, ms)
  events.once('close', () => clearInterval(timer))
}

const timeFor = (bytes: number): number => (bytes / leastRate) * 1_000
