import type { Box, Page, Word } from '../../contract/ocr.ts'
import { levelOf } from './confidence.ts'

// Words of one page in their reading order. A search through some thousand boxes takes microseconds, so there is no
// index of places.

export interface Point {
  readonly x: number
  readonly y: number
}

export const wordsOfPage = (page: Pick<Page, 'blocks'>): Word[] =>
  page.blocks.flatMap(({ paragraphs }) =>
    paragraphs.flatMap(({ lines }) => lines.flatMap(({ words }) => words)),
  )

/**
 * Index of the word at a point of the page, or of the nearest one within `slop` pixels of the page.
 * Of boxes within each other it is the smallest.
 */
export function wordAt(words: readonly Word[], point: Point, slop = 0): number | undefined {
  let best: { index: number; distance: number; area: number } | undefined
  for (const [index, { box }] of words.entries()) {
    const distance = distanceTo(box, point)
    if (distance > slop) continue
    const area = box.width * box.height
    const isBetter = !best || distance < best.distance
    if (isBetter || (distance === best?.distance && area < best.area)) {
      best = { index, distance, area }
    }
  }
  return best?.index
}

function distanceTo(box: Box, { x, y }: Point): number {
  const dx = Math.max(box.x - x, 0, x - box.x - box.width)
  const dy = Math.max(box.y - y, 0, y - box.y - box.height)
  return Math.hypot(dx, dy)
}

export type Direction = 'next' | 'previous' | 'up' | 'down' | 'first' | 'last'

/** Where a key leads from a word; undefined if nowhere. */
export function neighbourOf(
  words: readonly Word[],
  index: number | undefined,
  direction: Direction,
): number | undefined {
  if (words.length === 0) return undefined
  const last = words.length - 1
  if (direction === 'first') return 0
  if (direction === 'last') return last
  if (index === undefined) return direction === 'previous' ? last : 0
  if (direction === 'next') return index < last ? index + 1 : undefined
  if (direction === 'previous') return index > 0 ? index - 1 : undefined
  return inOtherLine(words, index, direction === 'up' ? -1 : 1)
}

const centreOf = ({ x, y, width, height }: Box): Point => ({ x: x + width / 2, y: y + height / 2 })

/** The word above or below, which is near before it is straight. */
function inOtherLine(words: readonly Word[], from: number, sign: 1 | -1): number | undefined {
  const start = words[from]
  if (!start) return undefined
  const origin = centreOf(start.box)
  let best: { index: number; cost: number } | undefined
  for (const [index, { box }] of words.entries()) {
    const centre = centreOf(box)
    const rise = sign * (centre.y - origin.y)
    if (rise < (start.box.height + box.height) / 4) continue
    const cost = 3 * rise + Math.abs(centre.x - origin.x)
    if (!best || cost < best.cost) best = { index, cost }
  }
  return best?.index
}

/** The next word in a direction that should be looked at, beginning anew at the end. */
export function nextDoubt(
  words: readonly Word[],
  from: number | undefined,
  step: 1 | -1,
): number | undefined {
  const count = words.length
  const start = from ?? (step === 1 ? -1 : count)
  for (let moved = 1; moved <= count; moved++) {
    const index = (((start + step * moved) % count) + count) % count
    const word = words[index]
    if (word && isDoubt(word)) return index
  }
  return undefined
}

const isDoubt = ({ confidence }: Word): boolean =>
  ['doubtful', 'uncertain'].includes(levelOf(confidence))
