import { Parser } from 'htmlparser2'
import type { Block, Box, Line, Paragraph, Word } from '../../contract/ocr.ts'

/** A page as the engine saw it: boxes count the pixels of the file that it was given. */
export interface HocrPage {
  readonly width: number
  readonly height: number
  readonly blocks: Block[]
}

/** Lines by the hOCR specification (1.2, 4.2) that tesseract tells apart; all of them hold words. */
const lineClasses = new Set(['ocr_line', 'ocr_header', 'ocr_caption', 'ocr_textfloat'])

/**
 * Reads the first `ocr_page` of tesseract's hOCR.
 * @throws Error when there is none
 */
export function parseHocr(hocr: string): HocrPage {
  const blocks: Block[] = []
  let page: Box | undefined
  let paragraphs: Paragraph[] = []
  let lines: Line[] = []
  let words: Word[] = []
  let word: Word | undefined

  const open = (name: string, title: string) => {
    if (name === 'ocr_page') page = boxOf(title)
    else if (name === 'ocr_carea') {
      paragraphs = []
      blocks.push({ box: boxOf(title), paragraphs })
    } else if (name === 'ocr_par') {
      lines = []
      paragraphs.push({ box: boxOf(title), lines })
    } else if (lineClasses.has(name)) {
      words = []
      lines.push({ box: boxOf(title), words })
    } else if (name === 'ocrx_word') {
      word = { text: '', confidence: confidenceOf(title), box: boxOf(title) }
      words.push(word)
    }
  }

  const parser = new Parser(
    {
      onopentag: (_tag, { class: name = '', title = '' }) => open(name, title),
      // Emphasis may split a word's text into several pieces.
      ontext: (text) => {
        if (word) word.text += text
      },
      onclosetag: (tag) => {
        if (tag === 'span') word = undefined
      },
    },
    { xmlMode: true },
  )
  parser.end(hocr)
  if (!page) throw new Error('The hOCR has no ocr_page')
  return { width: page.width, height: page.height, blocks }
}

/** `bbox x0 y0 x1 y1` among the properties of a title attribute. */
function boxOf(title: string): Box {
  const match = /\bbbox (-?\d+) (-?\d+) (-?\d+) (-?\d+)/.exec(title)
  if (!match) throw new Error('An hOCR element has no bbox')
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = match.slice(1).map(Number)
  return { x: x0, y: y0, width: x1 - x0, height: y1 - y0 }
}

/** `x_wconf` is a percentage. */
const confidenceOf = (title: string): number =>
  Number(/\bx_wconf (\d+)/.exec(title)?.[1] ?? 0) / 100
