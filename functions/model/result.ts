import { documentOfPages, failedPage } from '../contract/document.ts'
import type { OcrError } from '../contract/errors.ts'
import {
  type Block,
  confidenceOf,
  type OcrDocument,
  type Page,
  qualityOf,
  spacesByWidth,
  textOf,
  type Warning,
  wordsOf,
} from '../contract/ocr.ts'
import type { Admitted } from './admit.ts'
import type { PageReading } from './page-reader.ts'

/** A page that was read, or why it was not. */
export type PageOutcome = { readonly number: number } & (
  | { readonly reading: PageReading }
  | { readonly error: OcrError }
)

/**
 * The document of its pages.
 * @throws OcrError of the first page when none was read
 */
export function documentOf(
  outcomes: readonly PageOutcome[],
  pageCount: number,
  admitted: Pick<Admitted, 'info' | 'keepsSpaces' | 'rotate' | 'engine'>,
): OcrDocument {
  const failures = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : []))
  if (failures[0] && failures.length === outcomes.length) throw failures[0]
  const pages = outcomes.map((outcome) => pageOf(outcome, admitted))
  const warnings = pages.flatMap((page, index) => warningsOf(page, outcomes[index], admitted))
  return documentOfPages(pages, { pageCount, engine: admitted.info, warnings })
}

function pageOf(outcome: PageOutcome, admitted: Parameters<typeof documentOf>[2]): Page {
  const { number } = outcome
  if ('error' in outcome) return failedPage(number, admitted.engine.psm, outcome.error)
  const { image, blocks, preprocessing, orientation, picture } = outcome.reading
  const visible = withoutBlanks(blocks)
  const words = wordsOf(visible)
  return {
    number,
    width: image.width,
    height: image.height,
    ...(image.density && { dpi: Math.round(image.density * 100) / 100 }),
    // Blank words are part of the text that tesseract prints.
    text: admitted.keepsSpaces ? textOf(visible, spacesByWidth) : textOf(blocks),
    confidence: confidenceOf(words),
    quality: qualityOf(words),
    psm: admitted.engine.psm,
    ...(orientation && { orientation }),
    preprocessing: [...preprocessing],
    blocks: visible,
    ...(picture && { picture }),
  }
}

type WarningCode =
  | 'no_text'
  | 'small_text'
  | 'scaled_down'
  | 'first_frame_only'
  | 'orientation_unknown'
  | 'not_improved'

/** Lines of print with letters of 8 pixels are about as high. */
const smallLinePixels = 12

function warningsOf(
  page: Page,
  outcome: PageOutcome | undefined,
  { rotate }: Pick<Admitted, 'rotate'>,
): Warning[] {
  if (!outcome || 'error' in outcome) return []
  const { image, scaledTo, isCutShort, orientation } = outcome.reading
  const warnings: Warning[] = []
  const warn = (code: WarningCode, message: string) =>
    warnings.push({ code, message, page: page.number })
  const lineHeight = medianLineHeight(page.blocks)
  if (lineHeight === undefined) warn('no_text', 'No text was found on the page.')
  else if (lineHeight < smallLinePixels) {
    warn('small_text', `Lines are ${lineHeight} pixels high; text is read best above 20.`)
  }
  if (scaledTo || image.isReduced) {
    const { width, height } = scaledTo ?? image
    const size = `${width} x ${height}`
    warn('scaled_down', `The page was scaled down to ${size} pixels before it was read.`)
  }
  if (isCutShort) {
    warn('not_improved', 'The page could not be read again in time; this is the best so far.')
  }
  if (image.frames > 1) {
    warn('first_frame_only', `Only the first of the ${image.frames} frames was read.`)
  }
  if (rotate === 'auto' && !orientation) {
    warn('orientation_unknown', 'There is too little text to tell how the page is turned.')
  }
  return warnings
}

function medianLineHeight(blocks: readonly Block[]): number | undefined {
  const lines = blocks.flatMap(({ paragraphs }) =>
    paragraphs.flatMap((paragraph) => paragraph.lines),
  )
  const heights = lines.map(({ box }) => box.height).sort((a, b) => a - b)
  return heights[Math.floor(heights.length / 2)]
}

/** tesseract finds "words" of one space in pictures and rules; nobody looks for their boxes. */
function withoutBlanks(blocks: readonly Block[]): Block[] {
  return blocks
    .map((block) => ({
      ...block,
      paragraphs: block.paragraphs
        .map((paragraph) => ({
          ...paragraph,
          lines: paragraph.lines
            .map((line) => ({ ...line, words: line.words.filter((word) => word.text.trim()) }))
            .filter((line) => line.words.length > 0),
        }))
        .filter((paragraph) => paragraph.lines.length > 0),
    }))
    .filter((block) => block.paragraphs.length > 0)
}
