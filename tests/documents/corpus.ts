import type { Sharp } from 'sharp'
import { createRandom, pick } from './random.ts'
import { addNoise, composePage, type Font, photograph, renderText } from './render.ts'

/** An encoded image and the text that is on it. */
export interface TestDocument {
  readonly name: string
  readonly image: Buffer
  readonly text: string
  /** Whether our decoder hands tesseract exactly the pixels that tesseract would decode itself. */
  readonly isLossless: boolean
}

const letter = `Dear Sir or Madam,

thank you for your order of 14 March. The parts left our
warehouse today and will reach you within three days.

Please check the delivery against the list on page two
and tell us about anything that is missing or broken.

Yours sincerely,
The Shipping Department`

const leftColumn = `The river rises in the hills
north of the town and flows
past seven mills before it
meets the sea. Two of them
still grind corn; the others
are homes, a school and a
museum of the wool trade
that opens on Sundays from
May to the end of October.`

const rightColumn = `Every spring the meadows on
both banks are under water,
and the road to the ferry is
closed for a week. Children
cross by boat on those days,
and the post arrives late or
not at all. Old people say
that it was worse before the
new bridge was finished.`

/** One for each page of a document of five. */
export const sentences = [
  'The first page tells of the river',
  'The second page is about old mills',
  'The third page has a map of roads',
  'The fourth page lists the ferries',
  'The fifth page ends with a prayer',
]

const lossless = async (name: string, text: string, font: Font): Promise<TestDocument> => ({
  name,
  text,
  image: await (await renderText(text, { font })).png().toBuffer(),
  isLossless: true,
})

/** The documents that the end-to-end tests read: typefaces, file formats and kinds of damage. */
export async function createCorpus(): Promise<TestDocument[]> {
  const page = () => renderText(letter, { font: 'serif' })
  return [
    await lossless('letter, sans', letter, 'sans'),
    await lossless('letter, serif', letter, 'serif'),
    await lossless('letter, monospaced', letter, 'mono'),
    await lossless('letter, bold', letter, 'bold'),
    await lossless('letter, condensed', letter, 'condensed'),
    {
      name: 'fax: two-tone TIFF',
      text: letter,
      image: await fax(await page()),
      isLossless: true,
    },
    {
      name: 'two columns',
      text: `${leftColumn}\n${rightColumn}`,
      image: await (await twoColumns()).png().toBuffer(),
      isLossless: true,
    },
    {
      name: 'noisy scan',
      text: letter,
      image: await (await addNoise(await page(), 25)).png().toBuffer(),
      isLossless: true,
    },
    {
      name: 'skewed by one degree',
      text: letter,
      image: await (await page()).rotate(1, { background: 'white' }).png().toBuffer(),
      isLossless: true,
    },
    { name: 'photograph', text: letter, image: await photograph(await page()), isLossless: false },
    {
      name: 'WebP',
      text: letter,
      image: await (await page()).webp({ lossless: true }).toBuffer(),
      isLossless: false,
    },
    { name: 'GIF', text: letter, image: await (await page()).gif().toBuffer(), isLossless: false },
  ]
}

const fax = (page: Sharp): Promise<Buffer> => {
  const resolution = { xres: 200 / 25.4, yres: 200 / 25.4 }
  return page
    .threshold(150)
    .toColorspace('b-w')
    .tiff({ compression: 'ccittfax4', bitdepth: 1, ...resolution })
    .toBuffer()
}

export async function blankPage(): Promise<Buffer> {
  return (await composePage({ width: 800, height: 600, dpi: 200 }, [])).png().toBuffer()
}

async function twoColumns() {
  const [left, right] = await Promise.all([leftColumn, rightColumn].map((text) => renderText(text)))
  if (!left || !right) throw new Error('two columns were rendered')
  return composePage({ width: 1400, height: 620, dpi: 200 }, [
    { image: left, left: 0, top: 60 },
    { image: right, left: 720, top: 60 },
  ])
}

const goods = [
  'Bread',
  'Milk',
  'Coffee',
  'Butter',
  'Apples',
  'Cheese',
  'Honey',
  'Rice',
  'Tea',
  'Salt',
]

/** A small till receipt; the same seed gives the same image. */
export async function receipt(seed: number): Promise<Buffer> {
  const random = createRandom(seed)
  const price = () => (random() * 20).toFixed(2)
  const items = Array.from(
    { length: 2 + Math.floor(random() * 3) },
    () => `${pick(random, goods).padEnd(10)}${price().padStart(6)}`,
  )
  const lines = [
    `Receipt ${Math.floor(random() * 9000) + 1000}`,
    ...items,
    `Total     ${price().padStart(6)}`,
  ]
  const font = pick(random, ['mono', 'sans'] as const)
  return (await renderText(lines.join('\n'), { font, size: 10, margin: 20 })).png().toBuffer()
}

/** Words of dense running text, for pages that take the engine a while. */
export async function densePage(lines = 48): Promise<Buffer> {
  const random = createRandom(lines)
  const vocabulary = `${leftColumn} ${rightColumn} ${letter}`.split(/\s+/)
  const text = Array.from({ length: lines }, () =>
    Array.from({ length: 13 }, () => pick(random, vocabulary)).join(' '),
  ).join('\n')
  const body = await renderText(text, { font: 'serif', size: 10, dpi: 150, margin: 0 })
  return (
    await composePage({ width: 1240, height: 1754, dpi: 150 }, [{ image: body, left: 60, top: 80 }])
  )
    .png()
    .toBuffer()
}
