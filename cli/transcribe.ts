import type { Detail, Format } from '../functions/contract/answer-formats.ts'
import type { AnswerPage } from '../functions/contract/answers.ts'
import type { OcrOptions } from '../functions/contract/options.ts'
import type { CallControl, OcrClient, PageEvent } from './client.ts'

/** Who wants to know what, while a file is read. */
export interface Listener {
  onProgress(progress: { done: number; total: number }): void
  /** A page that could not be read; the others may be good. */
  onPageError(page: number, error: { code: string; message: string }): void
  /** Some page could not be read, and it is not known which. */
  onIncomplete(): void
  onWarning(page: number, message: string): void
}

export interface Request extends CallControl {
  readonly options: OcrOptions
  readonly format: Format
  readonly detail: Detail | undefined
  /** Of the file, for what is made of JSON; undefined where everybody knows it. */
  readonly name: string | undefined
}

type Chunks = AsyncGenerator<string | Uint8Array, void>

interface JsonWriting {
  readonly listener: Listener
  toLine(value: object): string
}

/** Has a file read, and gives what is to be written, in pieces as they come. */
export function transcribe(
  client: OcrClient,
  file: Uint8Array,
  { options, format, detail, name, ...control }: Request,
  listener: Listener,
): Chunks {
  const common = { ...options, ...control }
  if (format === 'text') return textOf(client.pages(file, { ...common, detail: 'text' }), listener)
  const toLine = (value: object) => `${JSON.stringify({ file: name, ...value })}\n`
  const writing = { listener, toLine }
  if (format === 'ndjson') return linesOf(client.pages(file, { ...common, detail }), writing)
  if (format === 'json') return jsonOf(client.recognize(file, { ...common, detail }), writing)
  return wholeOf(client.render(file, { ...common, format, onIncomplete: listener.onIncomplete }))
}

/** Pages may come in any order, so that there is nothing to print before the end. */
async function* textOf(events: AsyncIterable<PageEvent>, listener: Listener): Chunks {
  for await (const event of events) {
    tell(event, listener)
    if (event.type !== 'end') continue
    const { text, warnings } = event.document
    for (const { page, message } of warnings) listener.onWarning(page, message)
    yield text === '' ? '' : `${text}\n`
  }
}

async function* linesOf(
  events: AsyncIterable<PageEvent>,
  { listener, toLine }: JsonWriting,
): Chunks {
  for await (const event of events) {
    tell(event, listener)
    yield toLine(event)
  }
}

function tell(event: PageEvent, listener: Listener): void {
  if (event.type === 'start') listener.onProgress({ done: 0, total: event.pages.length })
  if (event.type !== 'page') return
  listener.onProgress(event)
  tellError(event.page, listener)
}

async function* jsonOf(
  answer: Promise<{ pages: AnswerPage[] }>,
  { listener, toLine }: JsonWriting,
): Chunks {
  const document = await answer
  for (const page of document.pages) tellError(page, listener)
  yield toLine(document)
}

function tellError({ number, error }: AnswerPage, listener: Listener): void {
  if (error) listener.onPageError(number, error)
}

async function* wholeOf(rendered: Promise<string | Uint8Array>): Chunks {
  yield await rendered
}
