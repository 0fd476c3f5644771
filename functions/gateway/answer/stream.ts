import type { Problem, StreamLine } from '../../contract/answers.ts'
import type { OcrResult } from '../../contract/ocr-tensors.ts'
import type { Progress, Reading } from '../recognize.ts'
import { pageInDetail, type Told } from './detail.ts'

/** An answer in NDJSON, whose first step has shown that there is something to tell. */
interface StreamedAnswer {
  readonly first: IteratorResult<Progress, OcrResult>
  /** What follows. */
  readonly reading: Reading
  readonly told: Told
  /** Makes an answer of an error, since the status has been sent by then. */
  readonly toProblem: (thrown: unknown) => Problem
}

/** The lines of it: a start, the pages as they come, and an end. */
export async function* streamLines(answer: StreamedAnswer): AsyncGenerator<StreamLine, void> {
  const { first, told, toProblem } = answer
  await using reading = answer.reading
  const counter = { done: 0, total: 0 }
  const lineOf = (progress: Progress): StreamLine => {
    if (progress.type === 'start') {
      counter.total = progress.numbers.length
      return { type: 'start', pageCount: progress.pageCount, pages: [...progress.numbers] }
    }
    counter.done++
    return { type: 'page', ...counter, page: pageInDetail(progress.page, told) }
  }
  try {
    let step = first
    for (; !step.done; step = await reading.next()) yield lineOf(step.value)
    const { pages: _pages, ...document } = step.value.document
    yield { type: 'end', document: { ...document, timings: step.value.timings } }
  } catch (thrown) {
    yield { type: 'error', problem: toProblem(thrown) }
  }
}

/** How lines end: by the last one, because nobody wants them any more, or by one that cannot be written. */
export type StreamEnd = 'whole' | 'left' | 'broken'

interface StreamEnds {
  /** Aborts when the time for the answer is over. */
  readonly signal: AbortSignal
  /**
   * Called once: when the last line has been taken; when the time is over, whether the lines are taken or not; or when
   * nobody wants them any more and the reading has ended.
   */
  onEnd(end: StreamEnd): void
}

/** The body of an answer in NDJSON. It asks for a line when there is room for it. */
export function streamBody(
  lines: AsyncGenerator<StreamLine, void>,
  { signal, onEnd }: StreamEnds,
): ReadableStream<Uint8Array> {
  const chunks = encoded(lines, onEnd)
  let isEnded = false
  const send = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    try {
      const { done, value } = await chunks.next()
      if (isEnded) return
      if (!done) return controller.enqueue(value)
      isEnded = true
      controller.close()
    } catch (error) {
      isEnded = true
      controller.error(error)
    }
  }
  return new ReadableStream({
    // At once: a generator that has not begun does nothing to end what it was given.
    start(controller) {
      // What is left to tell by then is little.
      const sendAll = async () => {
        while (!isEnded) await send(controller)
      }
      if (signal.aborted) return sendAll()
      signal.addEventListener('abort', sendAll, { once: true })
      return send(controller)
    },
    pull: send,
    async cancel() {
      isEnded = true
      await chunks.return()
    },
  })
}

async function* encoded(lines: AsyncGenerator<StreamLine, void>, onEnd: (end: StreamEnd) => void) {
  const encoder = new TextEncoder()
  let end: StreamEnd = 'left'
  try {
    for await (const line of lines) yield encoder.encode(`${JSON.stringify(line)}\n`)
    end = 'whole'
  } catch (error) {
    end = 'broken'
    throw error
  } finally {
    onEnd(end)
  }
}
