import type { AnswerPage } from '../../contract/answers.ts'
import {
  confidenceOf,
  type Line,
  type Page,
  spacesByWidth,
  textOfLine,
} from '../../contract/ocr.ts'
import type { Wanted } from './negotiate.ts'

/** What of a request decides how much is told of a page. */
export type Told = Pick<Wanted, 'detail' | 'options'>

/** A page with as much of it as was asked for. */
export function pageInDetail(page: Page, { detail, options }: Told): AnswerPage {
  if (detail === 'words') return page
  const { blocks, ...textPage } = page
  if (detail === 'text') return textPage
  const gaps = options.preserve_interword_spaces ? spacesByWidth : undefined
  const wholeLine = ({ box, words }: Line) => ({
    box,
    text: textOfLine({ words }, gaps),
    confidence: confidenceOf(words),
  })
  const inLines = blocks.map((block) => ({
    ...block,
    paragraphs: block.paragraphs.map((paragraph) => ({
      ...paragraph,
      lines: paragraph.lines.map(wholeLine),
    })),
  }))
  return { ...textPage, blocks: inLines }
}
