import { createRandom } from '../../tests/documents/random.ts'
import { columnsPage, letterPage, type Page, type Print, receiptPage, tablePage } from './pages.ts'
import {
  blur,
  encodeJpeg,
  encodePhoto,
  encodePng,
  fade,
  grain,
  onTable,
  type Pixels,
  tilt,
  turn,
  unevenLight,
} from './pixels.ts'
import type { Face } from './typesetting.ts'
import type { Language } from './vocabulary.ts'

type Random = () => number

/** An image file and the text that is on it, in reading order. */
export interface AccuracyDocument {
  readonly className: string
  readonly name: string
  readonly lang: Language
  readonly image: Buffer
  readonly text: string
}

interface Drawn extends Page {
  readonly image: Buffer
  readonly lang?: Language
}

/** What is drawn is up to the seed alone; `index` makes sure that faces and degrees differ in a class. */
type Draw = (random: Random, index: number) => Promise<Drawn>

const textFaces: readonly Face[] = ['serif', 'sans', 'book', 'typewriter', 'wide', 'italic']
const tillFaces: readonly Face[] = ['till', 'narrow', 'typewriter', 'sans']

const faceOf = (faces: readonly Face[], index: number): Face =>
  faces[index % faces.length] ?? 'serif'

const between = (random: Random, low: number, high: number): number => low + random() * (high - low)

const letter = (random: Random, index: number, print: Partial<Print> = {}): Promise<Page> =>
  letterPage(random, {
    face: faceOf(textFaces, index),
    size: Math.round(between(random, 20, 27)),
    width: 1000,
    ...print,
  })

/** What any scanner does: soft edges, gray instead of black and white, a little grain. */
async function scanned(pixels: Pixels, random: Random, sigma = 0.03): Promise<Pixels> {
  const soft = await blur(pixels, between(random, 0.5, 0.9))
  return grain(fade(soft, 0.12, 0.96), random, sigma)
}

const png = async (page: Page, pixels: Pixels, dpi?: number): Promise<Drawn> => ({
  ...page,
  image: await encodePng(pixels, dpi),
})

const draws: Record<string, Draw> = {
  'clean print': async (random, index) => {
    const page = await letter(random, index)
    return png(page, page.pixels, 150)
  },

  // The x-height of these faces is 0.45 to 0.55 em.
  'small print': async (random, index) => {
    const page = await letter(random, index, { size: 12 + (index % 5), width: 680 })
    return png(page, grain(await blur(page.pixels, 0.5), random, 0.03))
  },

  receipt: async (random, index) => {
    const face = faceOf(tillFaces, index)
    const size = Math.round(between(random, 20, 26))
    const page = await receiptPage(random, { face, size, width: 24 * size })
    return png(page, await scanned(page.pixels, random, 0.05))
  },

  'noisy scan': async (random, index) => {
    const page = await letter(random, index)
    const dust = index % 2 ? 0.01 : 0
    const pixels = await scanned(page.pixels, random, between(random, 0.06, 0.16))
    return png(page, grain(pixels, random, 0, dust), 150)
  },

  skewed: async (random, index) => {
    const page = await letter(random, index)
    const degrees = (1 + (index % 5)) * (index % 2 ? -1 : 1) + between(random, -0.4, 0.4)
    return png(page, await scanned(turn(page.pixels, degrees), random), 150)
  },

  'on its side': async (random, index) => {
    const page = await letter(random, index)
    const upright = await scanned(page.pixels, random)
    return png(page, turn(upright, 90 * (1 + (index % 3))), 150)
  },

  'low contrast': async (random, index) => {
    const page = await letter(random, index)
    const ink = between(random, 0.45, 0.65)
    const pixels = fade(await blur(page.pixels, 0.6), ink, ink + between(random, 0.06, 0.2))
    return png(page, grain(pixels, random, 0.015), 150)
  },

  'crushed JPEG': async (random, index) => {
    const page = await letter(random, index, { size: 17 + (index % 4) * 2, width: 860 })
    const pixels = await scanned(page.pixels, random)
    return { ...page, image: await encodeJpeg(pixels, 6 + (index % 5) * 3) }
  },

  'two columns': async (random, index) => {
    const face = faceOf(textFaces, index)
    const page = await columnsPage(random, { face, size: 19 + (index % 3), width: 1100 })
    return png(page, await scanned(page.pixels, random), 150)
  },

  table: async (random, index) => {
    const face = faceOf(['sans', 'narrow', 'serif', 'typewriter'], index >> 1)
    const page = await tablePage(random, { face, size: 20, width: 1000 }, index % 2 === 0)
    return png(page, await scanned(page.pixels, random), 150)
  },

  photo: async (random, index) => {
    const isReceipt = index % 4 === 3
    const page = isReceipt
      ? await receiptPage(random, { face: faceOf(tillFaces, index >> 2), size: 26, width: 600 })
      : await letter(random, index)
    const lit = unevenLight(fade(page.pixels, 0.15, 0.93), random, between(random, 0.35, 0.7))
    const laid = index % 3 === 0 ? onTable(lit, random) : lit
    const tilted = tilt(laid, between(random, -0.1, 0.1), between(random, -0.1, 0.1), 100)
    const held = turn(tilted, between(random, -2, 2), 100)
    const focused = await blur(held, between(random, 0.7, 1.3))
    return { ...page, image: await encodePhoto(grain(focused, random, 0.03)) }
  },

  'other scripts': async (random, index) => {
    const lang = languages[index % languages.length] ?? 'deu'
    const page = await letter(random, index >> 2, { lang, size: 22 })
    return { ...(await png(page, await scanned(page.pixels, random), 150)), lang }
  },
}

const languages = ['deu', 'rus', 'fra', 'ell'] as const

/** Some documents of every class; a seed always gives the same. */
export async function* createDocuments(options: {
  seed: number
  perClass: number
  only?: string | undefined
}): AsyncGenerator<AccuracyDocument> {
  const { seed, perClass, only } = options
  for (const [place, [className, draw]] of Object.entries(draws).entries()) {
    if (only && className !== only) continue
    for (let index = 0; index < perClass; index++) {
      const random = createRandom(seed * 10_007 + place * 101 + index)
      const { image, text, lang = 'eng' } = await draw(random, index)
      yield { className, name: `${className} ${index + 1}`, lang, image, text }
    }
  }
}

export const classNames: readonly string[] = Object.keys(draws)
