import type { Detail } from '../../functions/contract/answer-formats.ts'
import type { Answers, StreamLine } from '../../functions/contract/answers.ts'
import { OcrApiError, problemError } from './api-error.ts'
import { jsonLines } from './json-lines.ts'

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
    if (line.type === 'error') throw problemError(line.problem)
    if (line.type === 'end') {
      yield line
      return
    }
    // A line of another type is of a newer gateway.
    if (line.type === 'start' || line.type === 'page') yield line as PageEvent<D>
  }
  throw new OcrApiError('incomplete_answer', 'The answer ended before the document did.')
}

function lineOf(value: unknown): StreamLine {
  const isLine = typeof value === 'object' && value !== null && 'type' in value
  if (isLine) return value as StreamLine
  throw new OcrApiError('unexpected_answer', 'A line of the answer has no type.')
}
