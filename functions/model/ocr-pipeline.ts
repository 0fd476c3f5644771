import { pageErrors } from '../contract/document.ts'
import { abortReason, toOcrError } from '../contract/errors.ts'
import { languageTag } from '../contract/formats/language.ts'
import type { Page } from '../contract/ocr.ts'
import type { OcrRequest, OcrResult } from '../contract/ocr-tensors.ts'
import { selectPages } from '../contract/page-ranges.ts'
import { createDeadline } from '../platform/deadline.ts'
import type { Log } from '../platform/log.ts'
import type { Slots } from '../platform/slots.ts'
import { type AdmitRules, type Admitted, admit } from './admit.ts'
import type { DocumentLimits, SourceDocument } from './document/document.ts'
import { mayBeLong, openDocument } from './document/source.ts'
import type { PageReader, PageReading } from './page-reader.ts'
import { type PdfPage, searchablePdf } from './pdf/searchable-pdf.ts'
import type { Quarantine } from './quarantine.ts'
import { documentOf, type PageOutcome } from './result.ts'
import type { Share } from './share.ts'
import { sideBySide } from './side-by-side.ts'
import { createStopwatch, type Lap, type Stopwatch } from './stopwatch.ts'
import type { WorkObserver } from './telemetry/work-observer.ts'
import type { Workspace } from './workspace.ts'

export interface OcrPipeline {
  /**
   * Reads one document: admit, open, its pages side by side, result.
   * @param share what all documents of the request may take together
   * @throws OcrError, or the signal's reason; its files and slots are free again by then
   */
  recognize(request: OcrRequest, signal: AbortSignal, share: Share): Promise<OcrResult>
  /**
   * Counts the pages of one document: admit and open, as for reading the pages that are asked for.
   * @throws as {@link recognize} does before it reads
   */
  countPages(request: OcrRequest, signal: AbortSignal, share: Share): Promise<number>
}

/** A document that has been opened, and what it takes to read it. */
interface Opened {
  readonly admitted: Admitted
  readonly source: SourceDocument
  /** Of the pages that are asked for. */
  readonly numbers: readonly number[]
  readonly stopwatch: Stopwatch
  readonly inSlot: InSlot
}

/** Works in a lane and in a slot, as all does that takes memory or CPU time, and in the time for a page. */
type InSlot = <T>(
  signal: AbortSignal,
  work: (signal: AbortSignal, lap: Lap) => Promise<T>,
) => Promise<T>

interface PipelineOptions {
  readonly log: Log
  readonly observer: WorkObserver
  readonly rules: AdmitRules
  readonly slots: Slots
  readonly workspace: Workspace
  readonly pageReader: PageReader
  readonly quarantine: Quarantine
  /** Bytes of tesseract's `pdf.ttf`. */
  readonly pdfFont: Uint8Array
  readonly limits: DocumentLimits & { readonly maxPages: number }
}

/** What a document is opened for. */
interface Task {
  readonly request: OcrRequest
  readonly signal: AbortSignal
  readonly share: Share
}

export function createOcrPipeline(options: PipelineOptions): OcrPipeline {
  return {
    recognize(request, signal, share) {
      const task = { request, signal, share }
      return withDocument(options, task, (opened) => readDocument(options, task, opened))
    },
    countPages: (request, signal, share) =>
      withDocument(options, { request, signal, share }, ({ source }) => source.pageCount),
  }
}

/** Admits a request and works on its document while that is open. */
async function withDocument<T>(
  options: PipelineOptions,
  { request, signal: outer, share }: Task,
  work: (opened: Opened) => T | Promise<T>,
): Promise<T> {
  const { observer, rules, workspace, limits } = options
  const admitted = admit(request, rules)
  const { image } = request
  observer.document(image)
  const stopwatch = createStopwatch(observer.onLap)
  const inSlot = createInSlot(options, admitted, share, stopwatch)
  const open = async (signal: AbortSignal, lap: Lap) => {
    const document = await openDocument(image, { dpi: admitted.dpi, workspace, limits }, signal)
    lap('open')
    return document
  }
  using source = await (mayBeLong(image) ? inSlot(outer, open) : open(outer, stopwatch.start()))
  const numbers = selectPages(admitted.pages, source.pageCount, limits.maxPages)
  return await work({ admitted, source, numbers, stopwatch, inSlot })
}

function createInSlot(
  { observer, slots, limits }: PipelineOptions,
  { engine }: Admitted,
  { lanes }: Share,
  stopwatch: Stopwatch,
): InSlot {
  // By what a process is started with, so that no language keeps another waiting.
  const key = JSON.stringify(engine)
  return async (signal, work) => {
    using wait = observer.wait()
    using _lane = await lanes.acquire(signal)
    const lap = stopwatch.start()
    using _slot = await slots.acquire(signal, key)
    lap('queue')
    wait.over()
    // Of its own kind: the same page would take as long again.
    const { pageTimeoutMs } = limits
    using deadline = createDeadline('Reading the page', pageTimeoutMs, signal, 'page_timeout')
    return await work(deadline.signal, lap)
  }
}

async function readDocument(
  options: PipelineOptions,
  task: Task,
  opened: Opened,
): Promise<OcrResult> {
  const { admitted, source, numbers, stopwatch } = opened
  const { lang } = admitted.engine
  const readPage = createReadPage(options, task, opened)
  const readObserved = (number: number, signal: AbortSignal) =>
    options.observer.page({ number, lang }, () => readPage(number, signal))
  const outcomes = await sideBySide(numbers, readObserved, task.signal)
  const document = documentOf(outcomes, source.pageCount, admitted)
  if (!task.request.withPdf) return { document, timings: stopwatch.timings }
  const pdf = await searchablePdf(picturesOf(document.pages, outcomes), {
    font: options.pdfFont,
    creator: `${document.engine.name} ${document.engine.version}`,
    lang: languageTag(document.engine.lang),
  })
  return { document, timings: stopwatch.timings, pdf }
}

/** Reads a page; one that cannot be read has its error in its place, for the others can be. */
function createReadPage(
  { log, pageReader, quarantine }: PipelineOptions,
  { request, share }: Task,
  { admitted, source, inSlot }: Opened,
) {
  const { image, withPdf = false } = request
  const { engine, profile, rotate, dpi } = admitted
  const quarantined = quarantine.of(image)
  const tryPage = async (number: number, signal: AbortSignal): Promise<PageOutcome> => {
    try {
      // By what the engine sees of it, whatever else is asked for.
      const reading = await quarantined.guard({ number, engine, profile, rotate, dpi }, () =>
        inSlot(signal, (pageSignal, lap) =>
          pageReader.read(source, number, { ...admitted, withJpeg: withPdf }, lap, pageSignal),
        ),
      )
      return { number, reading }
    } catch (thrown) {
      const error = signal.aborted ? abortReason(signal.reason) : toOcrError(thrown)
      if (!pageErrors.has(error.kind)) throw error
      const { kind, message, cause } = error
      log.warn({ page: number, kind, cause: String(cause ?? message) }, 'page failed')
      return { number, error }
    }
  }
  return async (number: number, signal: AbortSignal): Promise<PageOutcome> => {
    const outcome = await tryPage(number, signal)
    if ('reading' in outcome) share.keep(bytesOf(outcome.reading))
    return outcome
  }
}

const bytesOf = ({ jpeg, picture }: PageReading): number =>
  (jpeg?.length ?? 0) + (picture?.data.length ?? 0)

const picturesOf = (pages: readonly Page[], outcomes: readonly PageOutcome[]): PdfPage[] =>
  pages.map((page, index) => {
    const outcome = outcomes[index]
    const jpeg = outcome && 'reading' in outcome ? outcome.reading.jpeg : undefined
    return { page, jpeg }
  })
