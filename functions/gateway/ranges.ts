import { documentOfPages, failedPage } from '../contract/document.ts'
import { OcrError } from '../contract/errors.ts'
import { type Page, totalTimings } from '../contract/ocr.ts'
import type { OcrRequest, OcrResult } from '../contract/ocr-tensors.ts'
import { optionDefaults } from '../contract/options.ts'

/** What became of a range of pages that was asked of the model: its result, or why there is none. */
export type RangeOutcome =
  | OcrResult
  | { readonly numbers: readonly number[]; readonly error: OcrError }

/** The pages of a range, in place of which stands the error of the range if it has no result. */
export function pagesOf(outcome: RangeOutcome, { options }: OcrRequest): readonly Page[] {
  if ('document' in outcome) return outcome.document.pages
  const { numbers, error } = outcome
  return numbers.map((number) => failedPage(number, options.psm ?? optionDefaults.psm, error))
}

/** Pictures take the most memory by far. */
export function withoutPictures(outcome: RangeOutcome): RangeOutcome {
  if (!('document' in outcome)) return outcome
  const { document } = outcome
  const pages = document.pages.map(({ picture: _, ...page }) => page)
  return { ...outcome, document: { ...document, pages } }
}

/**
 * The document of its ranges, in the order of its pages.
 * @throws OcrError of the first range when none has a result
 */
export function joined(
  outcomes: readonly RangeOutcome[],
  pageCount: number,
  request: OcrRequest,
): OcrResult {
  const results = outcomes.flatMap((outcome) => ('document' in outcome ? [outcome] : []))
  const engine = results[0]?.document.engine
  if (!engine) throw firstErrorOf(outcomes)
  const pages = outcomes.flatMap((outcome) => pagesOf(outcome, request))
  const warnings = results.flatMap(({ document }) => document.warnings)
  const document = documentOfPages(
    pages.sort((a, b) => a.number - b.number),
    { pageCount, engine, warnings: warnings.sort((a, b) => a.page - b.page) },
  )
  return { document, timings: totalTimings(results.map(({ timings }) => timings)) }
}

function firstErrorOf(outcomes: readonly RangeOutcome[]): OcrError {
  const errors = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome] : []))
  const [first] = errors.sort((a, b) => (a.numbers[0] ?? 0) - (b.numbers[0] ?? 0))
  return first?.error ?? new OcrError('bad_upstream', 'The model has read no page.')
}

/** As many numbers in each as `size` says; fewer in the last. */
export function inGroups(numbers: readonly number[], size: number): number[][] {
  const count = Math.ceil(numbers.length / size)
  return Array.from({ length: count }, (_, index) =>
    numbers.slice(index * size, (index + 1) * size),
  )
}
