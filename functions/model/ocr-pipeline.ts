import { errorTable, OcrError, toOcrError } from '../contract/errors.ts'
import { languageTag } from '../contract/formats/language.ts'
import type { Page } from '../contract/ocr.ts'
import type { OcrRequest, OcrResult } from '../contract/ocr-tensors.ts'
import { selectPages } from '../contract/page-ranges.ts'
import { createDeadline } from '../platform/deadline.ts'
import type { Log } from '../platform/log.ts'
import { type AdmitRules, admit } from './admit.ts'
import { type DocumentLimits, isPdf, openDocument } from './document/source.ts'
import type { PageReader } from './page-reader.ts'
import { documentOf, type PageOutcome } from './result.ts'
import { type PdfPage, searchablePdf } from './searchable-pdf.ts'
import { sideBySide } from './side-by-side.ts'
import type { Slots } from './slots.ts'
import { createStopwatch } from './stopwatch.ts'
import type { Workspace } from './workspace.ts'

export interface OcrPipeline {
  /**
   * Reads one document: admit, open, its pages side by side, result.
   * @param lanes slots of the whole request, so that a long one leaves others room between its pages
   * @throws OcrError, or the signal's reason; its files and slots are free again by then
   */
  recognize(request: OcrRequest, signal: AbortSignal, lanes: Slots): Promise<OcrResult>
}

interface PipelineOptions {
  readonly log: Log
  readonly rules: AdmitRules
  readonly slots: Slots
  readonly workspace: Workspace
  readonly pageReader: PageReader
  readonly pdfFont: Uint8Array
  readonly limits: DocumentLimits & { readonly maxPages: number; readonly maxPdfBytes: number }
}

export function createOcrPipeline(options: PipelineOptions): OcrPipeline {
  const { log, rules, slots, workspace, pageReader, pdfFont, limits } = options

  /** Works in a slot, as all does that takes memory or CPU time, and in the time for a page. */
  const inSlot = async <T>(outer: AbortSignal, work: (signal: AbortSignal) => Promise<T>) => {
    using _slot = await slots.acquire(outer)
    using deadline = createDeadline('Reading the page', limits.pageTimeoutMs, outer)
    return await work(deadline.signal)
  }

  const open = (bytes: Uint8Array, dpi: number | undefined, outer: AbortSignal) => {
    const work = (signal: AbortSignal) => openDocument(bytes, { dpi, workspace, limits }, signal)
    return isPdf(bytes) ? inSlot(outer, work) : work(outer)
  }

  return {
    async recognize({ image, options, withPdf = false }, outer, lanes) {
      const admitted = admit({ image, options }, rules)
      using source = await open(image, admitted.dpi, outer)
      const numbers = selectPages(admitted.pages, source.pageCount, limits.maxPages)
      const stopwatch = createStopwatch()
      let pdfBytes = 0

      const readPage = async (number: number, signal: AbortSignal): Promise<PageOutcome> => {
        using _lane = await lanes.acquire(signal)
        const lap = stopwatch.start()
        try {
          const reading = await inSlot(signal, (pageSignal) => {
            lap('queueMs')
            return pageReader.read(
              source,
              number,
              { ...admitted, withPicture: withPdf },
              lap,
              pageSignal,
            )
          })
          pdfBytes += reading.jpeg?.length ?? 0
          if (pdfBytes > limits.maxPdfBytes) throw pdfTooLarge(limits.maxPdfBytes)
          return { number, reading }
        } catch (thrown) {
          signal.throwIfAborted()
          const error = toOcrError(thrown)
          if (!concernsPage(error)) throw error
          log.warn({ err: error, page: number }, 'page failed')
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

const picturesOf = (pages: readonly Page[], outcomes: readonly PageOutcome[]): PdfPage[] =>
  pages.map((page, index) => {
    const outcome = outcomes[index]
    const jpeg = outcome && 'reading' in outcome ? outcome.reading.jpeg : undefined
    return { page, image: jpeg && { jpeg } }
  })

/** Whether the other pages of the document may be fine. */
const concernsPage = ({ kind }: OcrError): boolean =>
  kind === 'deadline_exceeded' || (!errorTable[kind].retryable && kind !== 'output_too_large')

const pdfTooLarge = (limit: number): OcrError =>
  new OcrError(
    'output_too_large',
    `The searchable PDF would have more than the ${limit} bytes allowed. Ask for fewer pages by the option pages.`,
  )
