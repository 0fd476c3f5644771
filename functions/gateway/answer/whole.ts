import { type AnswerMemory, shortBytes } from '../../platform/answer-memory.ts'
import { takeAnswerMs, timeFor } from '../../platform/unread-answer.ts'

const pieceBytes = 64 * 1024

/** An answer that is given when all of it is there. */
interface WholeAnswer {
  readonly body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>
  readonly headers: Readonly<Record<string, string>>
}

interface WholeOptions {
  readonly answers: AnswerMemory
  /** Whose it is. */
  readonly caller: string | undefined
}

/**
 * A long body goes out in pieces, as its client takes them, and is counted until the last of them. A client that takes
 * longer than it may is cut off.
 * @throws OcrError `overloaded` when all long answers together take too much
 */
export function answerWhole(
  body: string | Uint8Array<ArrayBuffer>,
  { answers, caller }: WholeOptions,
): WholeAnswer {
  // A character has a byte at least.
  if (body.length <= shortBytes) return { body, headers: {} }
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const memory = answers.open(caller)
  memory.hold(bytes.length)
  return {
    body: inPieces(bytes, () => memory[Symbol.dispose]()),
    headers: { 'Content-Length': String(bytes.length) },
  }
}

/** @param onEnd is told once that the last piece was taken, or that nobody takes it any more */
function inPieces(bytes: Uint8Array, onEnd: () => void): ReadableStream<Uint8Array> {
  let sent = 0
  let timer: NodeJS.Timeout
  const end = () => {
    clearTimeout(timer)
    onEnd()
  }
  return new ReadableStream({
    start(controller) {
      // Who waits behind another one on a connection is not told that this has gone.
      const cut = () => {
        end()
        controller.error(new Error('The answer was not taken in time.'))
      }
      timer = setTimeout(cut, takeAnswerMs + timeFor(bytes.length)).unref()
    },
    pull(controller) {
      const piece = bytes.subarray(sent, sent + pieceBytes)
      sent += piece.length
      controller.enqueue(piece)
      if (sent < bytes.length) return
      controller.close()
      end()
    },
    cancel: end,
  })
}
