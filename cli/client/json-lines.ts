import { OcrApiError } from './api-error.ts'
import { parseJson } from './parse-json.ts'

/**
 * Characters of one line. A page of the densest print is under a tenth of it; without a bound a server that never
 * ends a line would fill the memory.
 */
const maxLineLength = 64 * 2 ** 20

/**
 * The values of a stream of NDJSON as they come, wherever its chunks begin and end.
 * @throws OcrApiError `unexpected_answer` for a line that is too long or no JSON
 */
export async function* jsonLines(
  body: ReadableStream<Uint8Array>,
  maxLength = maxLineLength,
): AsyncGenerator<unknown> {
  let line: string[] = []
  let length = 0
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    for (const [index, piece] of chunk.split('\n').entries()) {
      if (index > 0) {
        yield* valuesOf(line)
        line = []
        length = 0
      }
      length += piece.length
      if (length > maxLength) {
        throw new OcrApiError(
          'unexpected_answer',
          `A line of the answer is longer than ${maxLength} characters.`,
        )
      }
      line.push(piece)
    }
  }
  yield* valuesOf(line)
}

/** The value of one line; an empty one has none. */
function valuesOf(pieces: string[]): unknown[] {
  const line = pieces.join('')
  return line.trim() === '' ? [] : [parseJson(line)]
}
