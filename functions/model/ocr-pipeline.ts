import { abortReason, type ErrorKind, toOcrError } from '../contract/errors.ts'
import { languageTag } from '../contract/formats/language.ts'
import type { Page } from '../contract/ocr.ts'
import type { OcrRequest, OcrResult } from '../contract/ocr-tensors.ts'
import { selectPages } from '../contract/page-ranges.ts'
import { createDeadline } from '../platform/deadline.ts'
import type { Log } from '../platform/log.ts'
import { type AdmitRules, admit } from './admit.ts'
import type { DocumentLimits } from './document/document.ts'
import { mayBeLong, openDocument } from './document/source.ts'
import type { PageReader } from './page-reader.ts'
import { documentOf, type PageOutcome } from './result.ts'
import { type PdfPage, searchablePdf } from './searchable-pdf.ts'
import type { Share } from './share.ts'
import { sideBySide } from './side-by-side.ts'
import type { Slots } from './slots.ts'
import { createStopwatch, type Lap } from './stopwatch.ts'
import type { Workspace } from './workspace.ts'

export interface OcrPipeline {
  /**
   * Reads one document: admit, open, its pages side by side, result.
   * @param share what all documents of the request may take together
   * @throws OcrError, or the signal's reason; its files and slots are free again by then
   */
  recognize(request: OcrRequest, signal: AbortSignal, share: Share): Promise<OcrResult>
}

interface PipelineOptions {
  readonly log: Log
  readonly rules: AdmitRules
  readonly slots: Slots
  readonly workspace: Workspace
  readonly pageReader: PageReader
  /** Bytes of tesseract's `pdf.ttf`. */
  readonly pdfFont: Uint8Array
  readonly limits: DocumentLimits & { readonly maxPages: number }
}

export function createOcrPipeline(options: PipelineOptions): OcrPipeline {
  const { log, rules, slots, workspace, pageReader, pdfFont, limits } = options

  return {
    async recognize({ image, options, withPdf = false }, outer, { lanes, keep }) {
      const admitted = admit({ image, options }, rules)
      const stopwatch = createStopwatch()

      /** Works in a lane and in a slot, as all does that takes memory or CPU time, and in the time for a page. */
      const inSlot = async <T>(
        signal: AbortSignal,
        work: (signal: AbortSignal, lap: Lap) => Promise<T>,
      ): Promise<T> => {
        using _lane = await lanes.acquire(signal)
        const lap = stopwatch.start()
        using _slot = await slots.acquire(signal)
        lap('queueMs')
        using deadline = createDeadline('Reading the page', limits.pageTimeoutMs, signal)
        return await work(deadline.signal, lap)
      }

      const open = (signal: AbortSignal) =>
        openDocument(image, { dpi: admitted.dpi, workspace, limits }, signal)
      using source = await (mayBeLong(image) ? inSlot(outer, open) : open(outer))
      const numbers = selectPages(admitted.pages, source.pageCount, limits.maxPages)

      const readPage = async (number: number, signal: AbortSignal): Promise<PageOutcome> => {
        try {
          const reading = await inSlot(signal, (pageSignal, lap) =>
            pageReader.read(source, number, { ...admitted, withPicture: withPdf }, lap, pageSignal),
          )
          keep(reading.jpeg?.length ?? 0)
          return { number, reading }
        } catch (thrown) {
          const error = signal.aborted ? abortReason(signal.reason) : toOcrError(thrown)
          if (!pageErrors.has(error.kind)) throw error
          const { kind, message, cause } = error
          log.warn({ page: number, kind, cause: String(cause ?? message) }, 'page failed')
          return { number, error }
        }
      }
      const outcomes = await sideBySide(numbers, readPage, outer)
      const document = documentOf(outcomes, source.pageCount, admitted)
      if (!withPdf) return { document, timings: stopwatch.timings }
      const pdf = await searchablePdf(picturesOf(document.pages, outcomes), {
        font: pdfFont,
        creator: `${document.engine.name} ${document.engine.version}`,
        lang: languageTag(document.engine.lang),
      })
      return { document, timings: stopwatch.timings, pdf }
    },
  }
}

/** Failures that leave the other pages of a document as they are. The time of the request may pass, too. */
const pageErrors: ReadonlySet<ErrorKind> = new Set([
  'undecodable_image',
  'image_too_large',
  'engine_crashed',
  'deadline_exceeded',
])

const picturesOf = (pages: readonly Page[], outcomes: readonly PageOutcome[]): PdfPage[] =>
  pages.map((page, index) => {
    const outcome = outcomes[index]
    const jpeg = outcome && 'reading' in outcome ? outcome.reading.jpeg : undefined
    return { page, jpeg }
  })
