import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import sharp, { type Sharp } from 'sharp'
import { renderText } from '../../tests/documents/render.ts'
import { OcrError } from '../contract/errors.ts'
import type { Block } from '../contract/ocr.ts'
import { type Attempts, improve, mostConfident, type Reading } from './best-reading.ts'
import { ampleLimits } from './fixtures/image-limits.ts'
import { type DecodedImage, decode } from './image/decode.ts'
import { restrictLoaders } from './image/loaders.ts'
import type { Repair } from './image/repair.ts'

const sentence = 'The harbor was full of ships from many countries and their crews'.split(' ')
/** Different lines, since columns stand out where the same stands below each other. */
const lines = Array.from({ length: 14 }, (_, index) =>
  [...sentence.slice(index % 12), ...sentence.slice(0, index % 12)].join(' '),
)

/** Words in a box each, of the same confidence. */
function blocksOf(texts: readonly string[], confidence: number, box = wholePage): Block[] {
  const words = texts.map((text) => ({ text, confidence, box }))
  return [{ box, paragraphs: [{ box, lines: [{ box, words }] }] }]
}
const wholePage = { x: 0, y: 0, width: 10_000, height: 10_000 }

/** Has a page read by what the test says an attempt finds; returns what was tried, too. */
async function read(
  page: Sharp,
  find: (attempt: 'first' | number, image: DecodedImage) => Block[],
) {
  const image = await decode(await page.png().toBuffer(), ampleLimits)
  const repairs: Array<Repair & { width: number }> = []
  const reading = (blocks: Block[], of: DecodedImage): Reading => ({
    image: of,
    blocks,
    preprocessing: [],
    scaledTo: undefined,
  })
  const attempts: Attempts = {
    asItIs: async (of) => reading(find('first', of), of),
    async repaired(of, gray, repair) {
      assert.deepEqual([gray.width, gray.height], [of.width, of.height])
      repairs.push({ ...repair, width: of.width })
      return reading(find(repairs.length, of), of)
    },
  }
  const best = await improve(await attempts.asItIs(image), attempts, 1e7)
  return { best, repairs, image, text: best.blocks[0]?.paragraphs[0]?.lines[0]?.words[0]?.text }
}

describe('the best reading', () => {
  let page: Sharp
  before(async () => {
    restrictLoaders()
    page = await renderText(lines.join('\n'))
  })

  it('is the first when that is confident of all ink', async () => {
    const { best, repairs } = await read(page, () => blocksOf(['word'], 0.95))
    assert.deepEqual([repairs.length, best.preprocessing], [0, []])
  })

  it('is sought further when confidence is low, or ink was left out', async () => {
    const low = await read(page, (attempt) =>
      blocksOf([attempt === 'first' ? 'bad' : 'good'], attempt === 'first' ? 0.9 : 0.95),
    )
    assert.deepEqual([low.repairs.length, low.text], [1, 'good'])
    const corner = { x: 0, y: 0, width: 60, height: 60 }
    const little = await read(page, (attempt) =>
      attempt === 'first' ? blocksOf(['few'], 0.99, corner) : blocksOf(['many', 'words'], 0.9),
    )
    assert.deepEqual([little.repairs.length, little.text], [1, 'many'])
  })

  it('remains the first when a repair makes it worse', async () => {
    const { text, best } = await read(page, (attempt) =>
      attempt === 'first' ? blocksOf(['before'], 0.9) : blocksOf(['after'], 0.8),
    )
    assert.deepEqual([text, best.preprocessing], ['before', []])
  })

  it('levels lines and enlarges small print', async () => {
    const small = { x: 0, y: 0, width: 30, height: 10 }
    const skewed = sharp(await page.clone().rotate(3, { background: 'white' }).toBuffer())
    const { repairs } = await read(skewed, () => blocksOf(Array(6).fill('word'), 0.8, small))
    const [repair] = repairs
    assert.ok(repair && Math.abs(repair.skew - 3) < 0.4)
    assert.equal(repair.factor, 2)
    const level = await read(page, () => blocksOf(Array(6).fill('word'), 0.8))
    assert.deepEqual([level.repairs[0]?.skew, level.repairs[0]?.factor], [0, 1])
  })

  it('never enlarges beyond what the engine takes', async () => {
    const small = { x: 0, y: 0, width: 30, height: 10 }
    const image = await decode(await page.png().toBuffer(), ampleLimits)
    const { width, height } = image
    const seen: number[] = []
    const attempts: Attempts = {
      asItIs: async () => ({
        image,
        blocks: blocksOf(Array(6).fill('word'), 0.8, small),
        preprocessing: [],
        scaledTo: undefined,
      }),
      async repaired(of, _page, { factor }) {
        seen.push(factor)
        return { image: of, blocks: [], preprocessing: [], scaledTo: undefined }
      },
    }
    await improve(await attempts.asItIs(image), attempts, width * height * 1.21)
    assert.ok(Math.abs((seen[0] ?? 0) - 1.1) < 0.01)
  })

  it('is the one before when another fails or takes too long', async () => {
    for (const kind of ['engine_crashed', 'page_timeout', 'deadline_exceeded'] as const) {
      const { best, text } = await read(page, (attempt) => {
        if (attempt !== 'first') throw new OcrError(kind, 'No.')
        return blocksOf(['first'], 0.8)
      })
      assert.deepEqual([text, best.isCutShort], ['first', true])
    }
    const other = read(page, (attempt) => {
      if (attempt !== 'first') throw new OcrError('client_gone', 'Gone.')
      return blocksOf(['first'], 0.8)
    })
    await assert.rejects(other, { kind: 'client_gone' })
  })

  it('is not sought on a page without ink, and blank words do not convince', async () => {
    const blank = sharp({ create: { width: 300, height: 200, channels: 3, background: 'white' } })
    assert.equal((await read(blank, () => [])).repairs.length, 0)
    assert.equal((await read(page, () => blocksOf([' '], 0.95))).repairs.length, 2)
  })

  it('turns a page upside down only when nothing else helps', async () => {
    const poor = await read(page, () => blocksOf(['bad'], 0.4))
    assert.deepEqual(poor.repairs.length, 2)
    const fair = await read(page, (attempt) => blocksOf(['fair'], attempt === 'first' ? 0.4 : 0.75))
    assert.equal(fair.repairs.length, 1)
    const turned = await read(page, (attempt) => blocksOf(['word'], attempt === 2 ? 0.9 : 0.4))
    assert.deepEqual(turned.best.preprocessing[0], { name: 'turn', value: 180 })
  })

  it('turns a page that lies on its side to either side', async () => {
    const lying = sharp(await page.clone().rotate(90).toBuffer())
    const { best, repairs, image } = await read(lying, (attempt) =>
      blocksOf(['word'], attempt === 2 ? 0.9 : 0.4),
    )
    assert.deepEqual(
      repairs.map(({ width }) => width),
      [image.height, image.height],
    )
    assert.deepEqual(best.preprocessing[0], { name: 'turn', value: 270 })
    assert.deepEqual([best.image.width, best.image.height], [image.height, image.width])
  })
})

describe('mostConfident', () => {
  it('counts what is more likely right than wrong, by its length', () => {
    const long = { blocks: blocksOf(['abcdefgh'], 0.7) }
    const short = { blocks: blocksOf(['ab'], 0.99) }
    const wrong = { blocks: blocksOf(['abcdefghijklmnop'], 0.4) }
    assert.equal(mostConfident([short, long, wrong]), long)
    assert.equal(mostConfident([wrong]), wrong)
  })
})
