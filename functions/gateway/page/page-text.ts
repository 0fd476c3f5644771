import type { Page, Word } from '../../contract/ocr.ts'
import { wordsOfPage } from './words.ts'

/** A text and where in it each word of the page stands, by the word's index in reading order. */
export interface PageText {
  readonly text: string
  readonly spans: readonly Span[]
}

/** Offsets in a text; the end is behind it. */
export interface Span {
  readonly start: number
  readonly end: number
}

export type Arrangement = 'reading' | 'layout'

/** The text in the order in which it is read, as the gateway tells it. */
export function readingText(page: Pick<Page, 'text' | 'blocks'>): PageText {
  let from = 0
  const spans = wordsOfPage(page).map(({ text }) => {
    const found = page.text.indexOf(text, from)
    const start = found < 0 ? from : found
    from = found < 0 ? from : found + text.length
    return { start, end: from }
  })
  return { text: page.text, spans }
}

/** Indices of the words of which a part is in one of the spans. */
export function wordsIn(text: PageText | undefined, parts: readonly Span[]): Set<number> {
  if (!text || parts.length === 0) return new Set()
  const isIn = new Uint8Array(text.text.length)
  for (const { start, end } of parts) isIn.fill(1, start, end)
  const found = text.spans.flatMap(({ start, end }, index) =>
    isIn.subarray(start, end).includes(1) ? [index] : [],
  )
  return new Set(found)
}

interface Placed {
  readonly index: number
  readonly word: Word
}

/** Words of one height on the page, from left to right. */
interface Row {
  readonly words: Placed[]
  top: number
  bottom: number
}

const maxEmptyRows = 2
const maxColumns = 400
/** In characters; a gap that is wider is one between columns. */
const widestSpace = 1.8

/** The text as it stands on the page, in characters of one width: columns and gaps are kept. */
export function layoutText(page: Pick<Page, 'blocks'>): PageText {
  const words = wordsOfPage(page)
  const spans: Span[] = words.map(() => ({ start: 0, end: 0 }))
  const rows = rowsOf(page)
  const columnWidth = median(words.map(({ box, text }) => box.width / [...text].length)) || 1
  const left = words.reduce((min, { box }) => Math.min(min, box.x), Number.POSITIVE_INFINITY)
  const pitch = median(rows.slice(1).map((row, index) => row.top - (rows[index]?.top ?? 0)))

  let text = ''
  let before: Row | undefined
  for (const row of rows) {
    if (before) text += '\n'.repeat(1 + emptyRows(before, row, pitch))
    const lineStart = text.length
    let previous: Word | undefined
    for (const { index, word } of row.words) {
      const column = text.length - lineStart
      const wanted = Math.min(maxColumns, Math.round((word.box.x - left) / columnWidth))
      const isNear = previous && gapBetween(previous, word) < widestSpace * columnWidth
      text += ' '.repeat(Math.max(previous ? 1 : 0, isNear ? 1 : wanted - column))
      spans[index] = { start: text.length, end: text.length + word.text.length }
      text += word.text
      previous = word
    }
    before = row
  }
  return { text, spans }
}

const gapBetween = (left: Word, right: Word): number => right.box.x - left.box.x - left.box.width

function emptyRows(above: Row, below: Row, pitch: number): number {
  if (pitch <= 0) return 0
  const skipped = Math.round((below.top - above.top) / pitch) - 1
  return Math.min(maxEmptyRows, Math.max(0, skipped))
}

/** Lines of the page that stand beside each other make one row. */
function rowsOf(page: Pick<Page, 'blocks'>): Row[] {
  const rows: Row[] = []
  for (const line of linesFromTop(page)) {
    const { y: top, height } = boundsOf(line)
    const row = rows.findLast((row) => isBeside(row, line, top, top + height))
    if (row) row.words.push(...line)
    else rows.push({ words: [...line], top, bottom: top + height })
  }
  for (const { words } of rows) words.sort((a, b) => a.word.box.x - b.word.box.x)
  return rows
}

function linesFromTop(page: Pick<Page, 'blocks'>): Placed[][] {
  let index = 0
  const lines = page.blocks.flatMap(({ paragraphs }) =>
    paragraphs.flatMap(({ lines }) =>
      lines.map(({ words }) => words.map((word) => ({ index: index++, word }))),
    ),
  )
  return lines
    .filter((words) => words.length > 0)
    .sort((a, b) => boundsOf(a).y + boundsOf(a).height / 2 - boundsOf(b).y - boundsOf(b).height / 2)
}

/** Of the words themselves: a line that leans has a box far higher than they are. */
function boundsOf(line: readonly Placed[]): { y: number; height: number } {
  return {
    y: median(line.map(({ word }) => word.box.y)),
    height: median(line.map(({ word }) => word.box.height)),
  }
}

function isBeside(row: Row, line: readonly Placed[], top: number, bottom: number): boolean {
  const shared = Math.min(row.bottom, bottom) - Math.max(row.top, top)
  if (shared < Math.min(row.bottom - row.top, bottom - top) / 2) return false
  return !line.some(({ word }) =>
    row.words.some(
      ({ word: { box } }) => box.x < word.box.x + word.box.width && word.box.x < box.x + box.width,
    ),
  )
}

function median(values: readonly number[]): number {
  const ascending = values.toSorted((a, b) => a - b)
  return ascending[Math.floor(ascending.length / 2)] ?? 0
}
