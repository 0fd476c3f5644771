import { type AnswerMemory, shortBytes } from '../../platform/answer-memory.ts'
import type { Exchange } from '../../platform/http.ts'
import { whenOver } from '../../platform/unread-answer.ts'

/** An answer that is given when all of it is there. */
interface WholeAnswer {
  readonly body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>
  readonly headers: Readonly<Record<string, string>>
}

interface WholeOptions {
  readonly answers: AnswerMemory
  /** Whose it is. */
  readonly caller: string | undefined
  readonly exchange: Exchange
}

/**
 * A long body is counted until its client has taken it, or has gone.
 * @throws OcrError `overloaded` when all long answers together take too much
 */
export function answerWhole(
  body: string | Uint8Array<ArrayBuffer>,
  { answers, caller, exchange }: WholeOptions,
): WholeAnswer {
  // A character has a byte at least.
  if (body.length <= shortBytes) return { body, headers: {} }
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const memory = answers.open(caller)
  memory.hold(bytes.length)
  whenOver(exchange, () => memory[Symbol.dispose]())
  return { body: streamOf(bytes), headers: { 'Content-Length': String(bytes.length) } }
}

/** Given as they are, the web's Response would copy them for each answer. */
export const streamOf = (bytes: Uint8Array): ReadableStream<Uint8Array> =>
  new ReadableStream({
    pull(controller) {
      controller.enqueue(bytes)
      controller.close()
    },
  })
