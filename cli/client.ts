import type { Detail, Format } from '../functions/contract/answer-formats.ts'
import type { Answers, Languages } from '../functions/contract/answers.ts'
import type { OcrOptions } from '../functions/contract/options.ts'
import { jsonOf, pdfOf, textOf } from './client/answer-body.ts'
import { documentShape, languagesShape } from './client/answer-shapes.ts'
import { type CallControl, createExchange } from './client/exchange.ts'
import { type PageEvent, pageEvents } from './client/page-events.ts'
import type { OcrFile } from './client/request.ts'

export type { Detail, Format } from '../functions/contract/answer-formats.ts'
export type {
  AnswerPage,
  Answers,
  Languages,
  OcrAnswer,
  StreamLine,
} from '../functions/contract/answers.ts'
export type { Block, Box, Line, Paragraph, Word } from '../functions/contract/ocr.ts'
export type { OcrOptions } from '../functions/contract/options.ts'
export { type ClientErrorCode, type ErrorCode, OcrApiError } from './client/api-error.ts'
export type { CallControl } from './client/exchange.ts'
export type { PageEvent } from './client/page-events.ts'
export type { OcrFile } from './client/request.ts'
export type { Retry } from './client/retry.ts'

// Imports types alone from the contract and nothing of Node: it runs wherever fetch does.

export interface OcrClientOptions {
  /** Of the gateway, such as `https://ocr.example.com`; it may have a path. */
  url: string | URL
  /** Sent as `Authorization: Bearer`. */
  key?: string | undefined
  /** In place of the global one. */
  fetch?: typeof globalThis.fetch | undefined
  /**
   * How often a call is made again after 429, 503 and failures of the connection; 4 unless told. One that cannot be
   * made at all is tried again twice at most.
   */
  retries?: number | undefined
  /** Milliseconds that a call may take with all of its attempts; ten minutes unless told. */
  timeoutMs?: number | undefined
}

export type RecognizeOptions<D extends Detail = Detail> = OcrOptions &
  CallControl & {
    /** How much the answer tells of each page; `words` unless told. */
    detail?: D | undefined
  }

export type RenderOptions<F extends Format = Format> = OcrOptions &
  CallControl & {
    format: F
    detail?: Detail | undefined
    /** Is told when pages could not be read, which most formats cannot say. */
    onIncomplete?: (() => void) | undefined
  }

/**
 * Every method throws {@link OcrApiError}, or the reason of its signal when that is aborted; a TypeError for what is no
 * file. An answer has the types of the gateway's API; of its content, only the texts and the frame around them are
 * checked again.
 */
export interface OcrClient {
  /** Reads a file: its text, and where on its pages each word is. */
  recognize<D extends Detail = 'words'>(
    file: OcrFile,
    options?: RecognizeOptions<D>,
  ): Promise<Answers[D]>
  /** Reads a file into one of the formats: bytes for a PDF, otherwise text. */
  render<F extends Format>(
    file: OcrFile,
    options: RenderOptions<F>,
  ): Promise<F extends 'pdf' ? Uint8Array<ArrayBuffer> : string>
  /** Reads a file and gives each page as soon as it is read; the last event is the end. */
  pages<D extends Detail = 'words'>(
    file: OcrFile,
    options?: RecognizeOptions<D>,
  ): AsyncIterable<PageEvent<D>>
  /** The languages that are installed. */
  languages(control?: CallControl): Promise<Languages>
}

/** @throws TypeError for a URL or a key that cannot be one */
export function createOcrClient(options: OcrClientOptions): OcrClient {
  const { url, key, fetch = globalThis.fetch, retries = 4, timeoutMs = 600_000 } = options
  const begin = createExchange({ url, key, fetch, retries, timeoutMs })

  // Cast, since TypeScript does not see that the format decides what it gives.
  const render = ((file: OcrFile, options: RenderOptions) => {
    const { signal, onRetry, onIncomplete, ...query } = options
    return begin({ signal, onRetry }).ask({ path: 'v1/ocr', query, file }, async (response) => {
      const rendered = await (query.format === 'pdf' ? pdfOf(response) : textOf(response))
      if (response.headers.get('ocr-complete') === 'false') onIncomplete?.()
      return rendered
    })
  }) as OcrClient['render']

  return {
    render,
    recognize: <D extends Detail>(
      file: OcrFile,
      { signal, onRetry, ...query }: RecognizeOptions<D> = {},
    ) =>
      begin({ signal, onRetry }).ask(
        { path: 'v1/ocr', query: { ...query, format: 'json' }, file },
        (response) => jsonOf<Answers[D]>(response, documentShape, 'document'),
      ),
    async *pages<D extends Detail>(
      file: OcrFile,
      { signal, onRetry, ...query }: RecognizeOptions<D> = {},
    ) {
      const call = begin({ signal, onRetry })
      const question = { path: 'v1/ocr', query: { ...query, format: 'ndjson' }, file }
      // With the first event, so that a document that is refused in it is sent again like any other.
      const { events, first } = await call.ask(question, async ({ body }) => {
        const events = pageEvents<D>(body)
        return { events, first: await events.next() }
      })
      try {
        if (!first.done) yield first.value
        yield* events
      } catch (error) {
        throw call.explain(error)
      } finally {
        await events.return(undefined)
      }
    },
    languages: (control = {}) =>
      begin(control).ask({ path: 'v1/languages' }, (response) =>
        jsonOf<Languages>(response, languagesShape, 'list of languages'),
      ),
  }
}
