import type { Box, OcrDocument, Page } from '../ocr.ts'

const columns = [
  'level',
  'page_num',
  'block_num',
  'par_num',
  'line_num',
  'word_num',
  'left',
  'top',
  'width',
  'height',
  'conf',
  'text',
]

/** Where in its page something is: its number in each level from the page down to the word, or less. */
type Place = readonly number[]

const levels = 5

/** A document in the columns of tesseract's own TSV: a row for each page, block, paragraph, line and word. */
export function tsvOf({ pages }: OcrDocument): string {
  return [columns.join('\t'), ...pages.flatMap(rowsOf), ''].join('\n')
}

function rowsOf({ number, width, height, blocks }: Page): string[] {
  const rows = [row([number], { x: 0, y: 0, width, height })]
  for (const [blockIndex, block] of blocks.entries()) {
    const inBlock = [number, blockIndex + 1]
    rows.push(row(inBlock, block.box))
    for (const [paragraphIndex, paragraph] of block.paragraphs.entries()) {
      const inParagraph = [...inBlock, paragraphIndex + 1]
      rows.push(row(inParagraph, paragraph.box))
      for (const [lineIndex, line] of paragraph.lines.entries()) {
        const inLine = [...inParagraph, lineIndex + 1]
        rows.push(row(inLine, line.box))
        for (const [wordIndex, { box, confidence, text }] of line.words.entries()) {
          rows.push(row([...inLine, wordIndex + 1], box, { confidence, text }))
        }
      }
    }
  }
  return rows
}

function row(
  place: Place,
  { x, y, width, height }: Box,
  word?: { readonly confidence: number; readonly text: string },
): string {
  const numbers = [...place, ...Array<number>(levels - place.length).fill(0)]
  // Four decimals leave no trace of binary fractions, such as 56.99999999999999 for 0.57.
  const conf = word ? Number((word.confidence * 100).toFixed(4)) : -1
  return [place.length, ...numbers, x, y, width, height, conf, word ? fieldOf(word.text) : ''].join(
    '\t',
  )
}

/** The format knows no escapes, so a space stands for whatever could end a field or a row. */
const fieldOf = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
