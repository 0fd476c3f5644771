import type { StreamLine } from '../../contract/answers.ts'
import type { Page } from '../../contract/ocr.ts'
import { Failure } from './errors.ts'

type LineOf<T extends StreamLine['type']> = Extract<StreamLine, { type: T }>

/** The lines of an answer that asked for every word and for pictures. */
export type Line =
  | LineOf<'start'>
  | {
      readonly type: 'page'
      readonly done: number
      readonly total: number
      readonly page: Page
    }
  | LineOf<'end'>
  | LineOf<'error'>

export type AnswerEnd = LineOf<'end'>['document']

/** A page with its picture in base64 is far below; without a bound one endless line would fill the memory. */
export const maxLineLength = 128 * 2 ** 20

/**
 * The lines of a stream of NDJSON as they come, wherever its chunks begin and end. A line of a type that is not
 * known here is of a newer gateway and is left out.
 * @throws Failure for a line that is too long or is none
 */
export async function* readLines(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  maxLength = maxLineLength,
): AsyncGenerator<Line, void> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let pieces: string[] = []
  let length = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      for (const [index, piece] of value.split('\n').entries()) {
        if (index > 0) {
          yield* parsed(pieces.join(''))
          pieces = []
          length = 0
        }
        pieces.push(piece)
        length += piece.length
        if (length > maxLength) throw unusable()
      }
    }
    yield* parsed(pieces.join(''))
  } finally {
    // Not awaited: a stream that was aborted rejects, and nobody is to hear of that twice.
    reader.cancel().catch(() => undefined)
  }
}

const types: readonly unknown[] = ['start', 'page', 'end', 'error'] satisfies Line['type'][]

function parsed(text: string): Line[] {
  if (text.trim() === '') return []
  try {
    const line: unknown = JSON.parse(text)
    if (!isTyped(line)) throw unusable()
    return types.includes(line.type) ? [line as Line] : []
  } catch {
    throw unusable()
  }
}

const isTyped = (value: unknown): value is { type: string } =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

const unusable = (): Failure =>
  new Failure({
    title: 'The answer cannot be used',
    detail: 'What came is not what a gateway of this version sends.',
  })
