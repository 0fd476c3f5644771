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
  /** Ends the answer of a client that takes too long. */
  readonly cut: () => void
}

/**
 * A long body goes out in pieces, as its client takes them, and is counted until the last of them, or until it is cut.
 * @throws OcrError `overloaded` when all long answers together take too much
 */
export function answerWhole(
  body: string | Uint8Array<ArrayBuffer>,
  { answers, caller, cut }: WholeOptions,
): WholeAnswer {
  // A character has a byte at least.
  if (body.length <= shortBytes) return { body, headers: {} }
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const memory = answers.open(caller)
  memory.hold(bytes.length)
  return {
    body: inPieces(bytes, { onEnd: () => memory[Symbol.dispose](), cut }),
    headers: { 'Content-Length': String(bytes.length) },
  }
}

interface Pieces extends Pick<WholeOptions, 'cut'> {
  /** Is told that the last piece was taken, or that nobody takes it any more. */
  readonly onEnd: () => void
}

function inPieces(bytes: Uint8Array, { onEnd, cut }: Pieces): ReadableStream<Uint8Array> {
  let sent = 0
  const cutOff = () => {
    cut()
    // Of an answer behind another one on its connection nobody is told that it has been cut.
    onEnd()
  }
  const timer = setTimeout(cutOff, takeAnswerMs + timeFor(bytes.length)).unref()
  const end = () => {
    clearTimeout(timer)
    onEnd()
  }
  return new ReadableStream({
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
