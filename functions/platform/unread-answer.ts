import { constants } from 'node:http2'
import type { Exchange } from './http.ts'

/** Bytes per second that a client has to take of what waits for it; less if it had to wait for us. */
const leastRate = 64 * 1024
/** For the beginning. */
export const takeAnswerMs = 30_000

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

/** Ends an answer that is not taken in time, as {@link limitUnread} does. */
export const cutAnswer = (exchange: Exchange): void => answerOf(exchange).cut()

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

/** For so many bytes at the pace that a client has to keep, in milliseconds. */
export const timeFor = (bytes: number): number => (bytes / leastRate) * 1_000
