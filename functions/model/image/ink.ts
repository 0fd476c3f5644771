import type { Word } from '../../contract/ocr.ts'
import { divideBy, type Gray, resized } from './gray.ts'

/** Where ink is on a page, reduced so that looking at all of it takes milliseconds. */
export interface Ink {
  readonly width: number
  readonly height: number
  /** 1 for ink, row by row. */
  readonly mask: Uint8Array
}

const longSide = 800
/** Paper is the brightness that this share of all pixels is below, and the darkest ink that of the other. */
const paperShare = 0.6
const inkShare = 0.02
/** Ink is darker than paper by at least so many gray levels, and by this part of the contrast. */
const leastDifference = 12
const partOfContrast = 0.4

/** What is clearly darker than the paper around it. */
export async function inkOf(page: Gray, paper: Gray): Promise<Ink> {
  const scale = Math.min(1, longSide / Math.max(page.width, page.height))
  const side = (length: number) => Math.max(1, Math.round(length * scale))
  const { width, height } = { width: side(page.width), height: side(page.height) }
  const { data } = divideBy(await resized(page, width, height), await resized(paper, width, height))
  const [darkest, bright] = [quantile(data, inkShare), quantile(data, paperShare)]
  const limit = bright - Math.max(leastDifference, (bright - darkest) * partOfContrast)
  return { width, height, mask: data.map((value) => (value < limit ? 1 : 0)) }
}

/** The value that this share of all values does not pass. */
function quantile(values: Uint8Array, share: number): number {
  const counts = new Uint32Array(256)
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  let seen = 0
  return counts.findIndex((count) => {
    seen += count
    return seen >= share * values.length
  })
}

const goodConfidence = 0.5
/** Pixels around a word's box that may hold ink of its letters. */
const margin = 2

/**
 * The share of the ink that lies in words which were read with some confidence.
 * @param pageWidth of the page in whose pixels the boxes are
 */
export function coverage(ink: Ink, words: readonly Word[], pageWidth: number): number {
  const { width, height, mask } = ink
  const scale = width / pageWidth
  const covered = new Uint8Array(mask.length)
  for (const { confidence, box } of words) {
    if (confidence < goodConfidence) continue
    const left = Math.max(0, Math.floor(box.x * scale) - margin)
    const right = Math.min(width, Math.ceil((box.x + box.width) * scale) + margin)
    const bottom = Math.min(height, Math.ceil((box.y + box.height) * scale) + margin)
    for (let y = Math.max(0, Math.floor(box.y * scale) - margin); y < bottom; y++) {
      covered.fill(1, y * width + left, y * width + Math.max(left, right))
    }
  }
  let [all, inWords] = [0, 0]
  for (const [index, isInk] of mask.entries()) {
    all += isInk
    inWords += isInk & (covered[index] ?? 0)
  }
  return inWords / Math.max(1, all)
}
