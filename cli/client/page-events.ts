import type { Detail } from '../../functions/contract/answer-formats.ts'
import type { Answers, StreamLine } from '../../functions/contract/answers.ts'
import { lineShapes } from './answer-shapes.ts'
import { OcrApiError, problemError } from './api-error.ts'
import { jsonLines } from './json-lines.ts'
import { requireShape } from './parse-json.ts'

type LineOf<T extends StreamLine['type']> = Extract<StreamLine, { type: T }>

/** What is told of a document while it is read: its start, its pages as they are ready, its end. */
export type PageEvent<D extends Detail = Detail> =
  | LineOf<'start'>
  | (Omit<LineOf<'page'>, 'page'> & { page: Answers[D]['pages'][number] })
  | LineOf<'end'>

/**
 * The events of an answer in NDJSON, up to its end.
 * @throws OcrApiError the problem that a line tells; `incomplete_answer`, `unexpected_answer`
 */
export async function* pageEvents<D extends Detail>(
  body: ReadableStream<Uint8Array> | null,
): AsyncGenerator<PageEvent<D>, undefined> {
  for await (const value of body ? jsonLines(body) : []) {
    const line = lineOf(value)
    if (!line) continue
    if (line.type === 'error') throw problemError(line.problem)
    if (line.type === 'end') {
      yield line
      return
    }
    yield line as PageEvent<D>
  }
  throw new OcrApiError('incomplete_answer', 'The answer ended before the document did.')
}

/** Undefined for a line of another type, which is of a newer gateway. */
function lineOf(value: unknown): StreamLine | undefined {
  const type = typeof value === 'object' && value !== null && 'type' in value && value.type
  if (typeof type !== 'string') {
    throw new OcrApiError('unexpected_answer', 'A line of the answer has no type.')
  }
  const shape = lineShapes.get(type)
  return shape && requireShape(value, shape, `A line of the answer is no valid "${type}".`)
}
