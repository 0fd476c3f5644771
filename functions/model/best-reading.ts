import { OcrError } from '../contract/errors.ts'
import { type Block, type Step, type Word, wordsOf } from '../contract/ocr.ts'
import { type DecodedImage, turn } from './image/decode.ts'
import { divideBy, type Gray, paperOf, resized, toGray } from './image/gray.ts'
import { coverage, type Ink, inkOf } from './image/ink.ts'
import { largestFactor, withinLimits } from './image/normalize.ts'
import { type Repair, turnedSize, turnGray } from './image/repair.ts'
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
  /** Whether more readings were to come, but failed or took too long. */
  readonly isCutShort?: boolean
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
 * Makes more of a page that was read as it is, if that reading does not convince: reads it again with its light
 * evened, its lines level and small print enlarged, and turned if it lies on its side or nothing else helps.
 * What was read with most confidence counts, and two more readings are the most.
 */
export async function improve(
  first: Reading,
  attempts: Attempts,
  enginePixels: number,
): Promise<Reading> {
  const { image } = first
  const page = await toGray(withinLimits(image, enginePixels).pixels)
  const paper = await paperOf(page)
  const ink = await inkOf(page, paper)
  const upright = skewOf(ink)
  if (isConvincing(first, ink) && !isCrooked(upright)) return first

  const even = divideBy(page, await resized(paper, page.width, page.height))
  const side = skewOf(turnInk(ink))
  // Columns of a table stand out as lines on its side do, but are read well.
  const isLying = !isFair(first) && side.clarity > 1.5 * upright.clarity
  const skew = skewToTakeOut(isLying ? side : upright)
  const scale = page.width / image.width
  const largest = largestFactor(turnedSize(page, skew), enginePixels)
  const factor = Math.min(enlargement(letterHeight(first, isLying) * scale), largest)
  const repair = { skew, factor, softness }

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
    try {
      readings.push(await readRepaired(degrees))
    } catch (error) {
      if (!isNoLoss(error)) throw error
      return { ...mostConfident(readings), isCutShort: true }
    }
  }
  return mostConfident(readings)
}

/** Whether what was read before is still good. */
const isNoLoss = (error: unknown): boolean =>
  error instanceof OcrError &&
  ['engine_crashed', 'page_timeout', 'deadline_exceeded'].includes(error.kind)

const isConvincing = (reading: Reading, ink: Ink): boolean =>
  !ink.mask.includes(1) ||
  (meanConfidence(reading) >= goodConfidence &&
    coverage(ink, wordsIn(reading), reading.image.width) >= goodCoverage)

const isFair = (reading: Reading): boolean => meanConfidence(reading) >= fairConfidence

type WithBlocks = { readonly blocks: readonly Block[] }

/** tesseract finds blank words in pictures, and is sure of them. */
const wordsIn = ({ blocks }: WithBlocks): Word[] =>
  wordsOf(blocks).filter(({ text }) => text.trim() !== '')

const lengthOf = ({ text }: Word): number => [...text].length

/** Mean of the words' confidence, by their length; 0 without words. */
function meanConfidence(reading: Reading): number {
  const words = wordsIn(reading)
  const characters = words.reduce((sum, word) => sum + lengthOf(word), 0)
  const sum = words.reduce((total, word) => total + word.confidence * lengthOf(word), 0)
  return sum / Math.max(1, characters)
}

/** The reading with the most that is more likely right than wrong; the first of equals. */
export function mostConfident<R extends WithBlocks>(readings: readonly R[]): R {
  const score = (reading: R) =>
    wordsIn(reading).reduce((sum, word) => sum + (word.confidence - 0.5) * lengthOf(word), 0)
  return readings.reduce((best, reading) => (score(reading) > score(best) ? reading : best))
}

/** Degrees beyond which a page is read again however confident its reading is. */
const clearSkew = 2
const isCrooked = (skew: Skew): boolean => Math.abs(skewToTakeOut(skew)) >= clearSkew

const leastSkew = 0.4
const leastGain = 1.25
const skewToTakeOut = ({ angle, gain }: Skew): number =>
  Math.abs(angle) >= leastSkew && gain >= leastGain ? angle : 0

/** Pixels of a word's height below which print is small, and at which tesseract reads well. */
const smallHeight = 14
const goodHeight = 20
const mostEnlargement = 2
const enlargement = (height: number): number =>
  height === 0 || height >= smallHeight ? 1 : Math.min(mostEnlargement, goodHeight / height)

const fewWords = 5

/** Median height of the words that are surely words, in pixels; 0 where they are too few to tell. */
function letterHeight(reading: Reading, isLying: boolean): number {
  const heights = wordsIn(reading)
    .filter(({ text, confidence }) => confidence > 0.6 && /\p{L}{3}/u.test(text))
    .map(({ box }) => (isLying ? box.width : box.height))
    .sort((a, b) => a - b)
  return heights.length < fewWords ? 0 : (heights[Math.floor(heights.length / 2)] ?? 0)
}
