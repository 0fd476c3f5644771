import { pageErrors } from '../contract/document.ts'
import { toOcrError } from '../contract/errors.ts'
import { typeOfFile } from '../contract/file-types.ts'
import type { Page } from '../contract/ocr.ts'
import type { OcrRequest, OcrResult } from '../contract/ocr-tensors.ts'
import { selectPages } from '../contract/page-ranges.ts'
import type { Log } from '../platform/log.ts'
import { asCompleted } from './as-completed.ts'
import { inGroups, joined, pagesOf, type RangeOutcome, withoutPictures } from './ranges.ts'
import type { Call } from './upstream/call.ts'
import type { InferenceClient } from './upstream/inference-client.ts'
import { whenTheModelIsFree } from './upstream/when-free.ts'

/** What happens while a document is read: first its pages are known, then each of them comes when it is ready. */
export type Progress =
  | { readonly type: 'start'; readonly pageCount: number; readonly numbers: readonly number[] }
  | { readonly type: 'page'; readonly page: Page }

/** A document that is to be read, and how its pages are told. */
export interface ReadRequest extends OcrRequest {
  /** Whether a page is done with when it has been told: the result of a long document has no pictures then. */
  readonly pageByPage?: boolean
}

/**
 * Has a document read, whichever way it came in, and tells of its pages as they are ready.
 * @returns the whole document when the last page is there
 * @throws OcrError when no page can be read
 */
export type Recognize = (request: ReadRequest, call: Call) => Reading
export type Reading = AsyncGenerator<Progress, OcrResult, undefined>

interface RecognizeOptions {
  readonly log: Log
  readonly inferenceClient: Pick<InferenceClient, 'recognize' | 'countPages'>
  /** Pages that are asked for in one request to the model. */
  readonly rangePages: number
  /** Requests to the model at once for one document. */
  readonly rangeRequests: number
}

/**
 * Long documents are asked of the model in ranges of pages, side by side, so that all pods of the model read one
 * document and its first pages come early.
 */
export function createRecognize(options: RecognizeOptions): Recognize {
  const { log, inferenceClient, rangePages, rangeRequests } = options

  async function* inOneRequest(request: OcrRequest, call: Call) {
    const result = await inferenceClient.recognize(request, call)
    const { pageCount, pages } = result.document
    yield { type: 'start', pageCount, numbers: pages.map(({ number }) => number) } as const
    for (const page of pages) yield { type: 'page', page } as const
    return result
  }

  async function* inRanges(request: OcrRequest, pageCount: number, ranges: number[][], call: Call) {
    const readRange = async (numbers: number[], signal: AbortSignal): Promise<RangeOutcome> => {
      const pages = numbers.join(',')
      const part = { ...request, options: { ...request.options, pages } }
      try {
        const rangeCall = { ...call, signal }
        return await whenTheModelIsFree(() => inferenceClient.recognize(part, rangeCall), signal)
      } catch (thrown) {
        const error = toOcrError(thrown)
        if (!pageErrors.has(error.kind)) throw error
        const cause = String(error.cause ?? error.message)
        log.warn({ pages, kind: error.kind, cause }, 'pages failed')
        return { numbers, error }
      }
    }
    yield { type: 'start', pageCount, numbers: ranges.flat() } as const
    const outcomes: RangeOutcome[] = []
    for await (const outcome of asCompleted(ranges, rangeRequests, readRange, call.signal)) {
      for (const page of pagesOf(outcome, request)) yield { type: 'page', page } as const
      outcomes.push(withoutPictures(outcome))
    }
    return joined(outcomes, pageCount, request)
  }

  return async function* recognize(request, call) {
    if (!mayBeLong(request)) return yield* inOneRequest(request, call)
    const pageCount = await inferenceClient.countPages(request, call)
    // How many may be asked for is the model's to say, and it has.
    const numbers = selectPages(request.options.pages, pageCount, Number.POSITIVE_INFINITY)
    if (numbers.length <= rangePages) return yield* inOneRequest(request, call)
    return yield* inRanges(request, pageCount, inGroups(numbers, rangePages), call)
  }
}

/** Reads a document to its end. */
export async function wholeOf(reading: Reading): Promise<OcrResult> {
  for (;;) {
    const step = await reading.next()
    if (step.done) return step.value
  }
}

/** What holds the pictures of all pages, be it a PDF or not, is bounded by the model, which has to make it in one. */
function mayBeLong({ image, options, withPdf, pageByPage }: ReadRequest): boolean {
  const type = typeOfFile(image)
  const holdsPictures = withPdf || (options.pictures && !pageByPage)
  return !holdsPictures && (type === 'pdf' || type === 'tiff' || type === undefined)
}
