import type { ErrorKind, OcrError } from './errors.ts'
import { confidenceOf, type OcrDocument, type Page, qualityOf, wordsOf } from './ocr.ts'

/** Failures that leave the other pages of a document as they are. The time of the request may pass, too. */
export const pageErrors: ReadonlySet<ErrorKind> = new Set([
  'undecodable_image',
  'image_too_large',
  'engine_crashed',
  'page_timeout',
  'output_too_large',
  'deadline_exceeded',
])

/**
 * A document with all that follows from its pages.
 * @param pages those that were asked for, in the order of the file
 */
export function documentOfPages(
  pages: readonly Page[],
  rest: Pick<OcrDocument, 'pageCount' | 'engine' | 'warnings'>,
): OcrDocument {
  const words = pages.flatMap(({ blocks }) => wordsOf(blocks))
  return {
    text: pages.map(({ text }) => text).join('\n\f'),
    confidence: confidenceOf(words),
    quality: qualityOf(words),
    complete: pages.every(({ error }) => !error),
    pageCount: rest.pageCount,
    pages: [...pages],
    engine: rest.engine,
    warnings: rest.warnings,
  }
}

/** What stands in the place of a page that could not be read. */
export const failedPage = (number: number, psm: number, { kind, message }: OcrError): Page => ({
  number,
  width: 0,
  height: 0,
  text: '',
  confidence: 0,
  quality: qualityOf([]),
  psm,
  preprocessing: [],
  blocks: [],
  error: { code: kind, message },
})
