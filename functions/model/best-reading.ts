import { type Block, type Step, type Word, wordsOf } from '../contract/ocr.ts'
import { type DecodedImage, turn } from './image/decode.ts'
import { divideBy, type Gray, paperOf, resized, toGray } from './image/gray.ts'
import { coverage, type Ink, inkOf } from './image/ink.ts'
import { largestFactor, withinLimits } from './image/normalize.ts'
import { type Repair, turnGray } from './image/repair.ts'
import { type Skew, skewOf, turnInk } from './image/skew.ts'

/** What the engine made of a page, in one of several ways. */
export interface Reading {
  /** The page, upright as far as is known. */
  readonly image: DecodedImage
  /** Boxes are in pixels of `image`. */
  readonly blocks: readonly Block[]
  readonly preprocessing: readonly Step[]
  /** Of the file that the engine read, if it is smaller than the page. */
  readonly scaledTo: { readonly width: number; readonly height: number } | undefined
}

/** Ways to read a page. */
export interface Attempts {
  asItIs(image: DecodedImage): Promise<Reading>
  /** @param page gray, under even light; of the proportions of `image` */
  repaired(image: DecodedImage, page: Gray, repair: Repair): Promise<Reading>
}

const goodConfidence = 0.92
const goodCoverage = 0.9
const fairConfidence = 0.7
const softness = 1

/**
 * Reads a page as it is and, if that does not convince, with its light evened, its lines level and its print
 * enlarged, and turned if it lies on its side or nothing else helps; what was read with most confidence
 * counts. Three readings at most.
 */
export async function readBest(
  image: DecodedImage,
  attempts: Attempts,
  enginePixels: number,
): Promise<Reading> {
  const first = await attempts.asItIs(image)
  const page = await toGray(withinLimits(image, enginePixels).pixels)
  const paper = await paperOf(page)
  const ink = await inkOf(page, paper)
  if (isConvincing(first, ink)) return first

  const even = divideBy(page, await resized(paper, page.width, page.height))
  const [upright, side] = [skewOf(ink), skewOf(turnInk(ink))]
  // Columns of a table stand out as lines on its side do, but are read well.
  const isLying = !isFair(first) && side.clarity > 1.5 * upright.clarity
  const scale = page.width / image.width
  const letters = letterHeight(wordsOf(first.blocks), isLying) * scale
  const factor = Math.min(enlargement(letters), largestFactor(page, enginePixels))
  const skew = skewToTakeOut(isLying ? side : upright)
  const repair = { skew, factor: Math.max(1, factor), softness }

  const readRepaired = async (degrees: number): Promise<Reading> => {
    if (degrees === 0) return await attempts.repaired(image, even, repair)
    const turned = await turnGray(even, degrees)
    const reading = await attempts.repaired(turn(image, degrees), turned, repair)
    const step = { name: 'turn', value: degrees }
    return { ...reading, preprocessing: [step, ...reading.preprocessing] }
  }

  const readings = [first]
  for (const degrees of isLying ? [90, 270] : [0, 180]) {
    if (degrees >= 180 && readings.some(isFair)) break
    readings.push(await readRepaired(degrees))
  }
  return mostConfident(readings)
}

const isConvincing = (reading: Reading, ink: Ink): boolean =>
  meanConfidence(reading) >= goodConfidence &&
  coverage(ink, wordsOf(reading.blocks), reading.image.width) >= goodCoverage

const isFair = (reading: Reading): boolean => meanConfidence(reading) >= fairConfidence

const lengthOf = ({ text }: Word): number => [...text].length

/** Mean of the words' confidence, by their length; 0 without words. */
function meanConfidence({ blocks }: Reading): number {
  const words = wordsOf(blocks)
  const characters = words.reduce((sum, word) => sum + lengthOf(word), 0)
  const sum = words.reduce((total, word) => total + word.confidence * lengthOf(word), 0)
  return sum / Math.max(1, characters)
}

/** The reading with the most that is more likely right than wrong; the first of equals. */
export function mostConfident<R extends { readonly blocks: readonly Block[] }>(
  readings: readonly R[],
): R {
  const score = ({ blocks }: R) =>
    wordsOf(blocks).reduce((sum, word) => sum + (word.confidence - 0.5) * lengthOf(word), 0)
  return readings.reduce((best, reading) => (score(reading) > score(best) ? reading : best))
}

const leastSkew = 0.4
const leastGain = 1.25
const skewToTakeOut = ({ angle, gain }: Skew): number =>
  Math.abs(angle) >= leastSkew && gain >= leastGain ? angle : 0

/** Pixels of a word's height at which tesseract reads well. */
const goodHeight = 20
const mostEnlargement = 2
const enlargement = (height: number): number =>
  height === 0 ? 1 : Math.min(mostEnlargement, Math.max(1, goodHeight / height))

const fewWords = 5

/** Median height of the words that are surely words, in pixels; 0 where they are too few to tell. */
function letterHeight(words: readonly Word[], isLying: boolean): number {
  const heights = words
    .filter(({ text, confidence }) => confidence > 0.6 && /\p{L}{3}/u.test(text))
    .map(({ box }) => (isLying ? box.width : box.height))
    .sort((a, b) => a - b)
  return heights.length < fewWords ? 0 : (heights[Math.floor(heights.length / 2)] ?? 0)
}
