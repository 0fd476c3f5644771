import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import sharp from 'sharp'
import type { Block, Box } from '../../contract/ocr.ts'
import { divideBy, type Gray, paperOf, resized, toGray } from './gray.ts'
import { coverage, inkOf } from './ink.ts'
import { restrictLoaders } from './loaders.ts'
import { placeBlocks } from './placement.ts'
import { turnedSize, turnGray, writeRepaired } from './repair.ts'
import { skewOf, turnInk } from './skew.ts'

/** A page with black boxes on it, on paper of a brightness of its own. */
function pageWith(
  boxes: readonly Box[],
  size = { width: 600, height: 400 },
  paper: (x: number, y: number) => number = () => 255,
): Gray {
  const data = new Uint8Array(size.width * size.height)
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) data[y * size.width + x] = paper(x, y)
  }
  for (const box of boxes) {
    for (let y = box.y; y < box.y + box.height; y++) {
      data.fill(0, y * size.width + box.x, y * size.width + box.x + box.width)
    }
  }
  return { ...size, data }
}

/** Boxes like words in lines. */
const words = Array.from({ length: 60 }, (_, index) => ({
  x: 40 + (index % 6) * 90,
  y: 40 + Math.floor(index / 6) * 32,
  width: 50 + (index % 5) * 7,
  height: 10,
}))

/** The box around all that is dark. */
function darkBox({ width, height, data }: Gray): Box {
  const dark = [...data.keys()].filter((index) => (data[index] ?? 255) < 128)
  const xs = dark.map((index) => index % width)
  const ys = dark.map((index) => Math.floor(index / width))
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  assert.ok(dark.length > 0 && width * height === data.length)
  return { x: left, y: top, width: Math.max(...xs) - left + 1, height: Math.max(...ys) - top + 1 }
}

const inkOfPage = async (page: Gray) => await inkOf(page, await paperOf(page))

describe('repairing a page', () => {
  let folder: string
  before(() => {
    restrictLoaders()
    folder = mkdtempSync(join(tmpdir(), 'repair-'))
  })
  after(() => rmSync(folder, { recursive: true }))

  for (const repair of [
    { skew: 0, factor: 1, softness: 0 },
    { skew: 0, factor: 1.7, softness: 1 },
    { skew: 3, factor: 1, softness: 0 },
    { skew: -5, factor: 1.3, softness: 1 },
  ]) {
    it(`tells where the file's pixels lie on the page: ${JSON.stringify(repair)}`, async () => {
      const box = { x: 430, y: 90, width: 8, height: 8 }
      const page = pageWith([box])
      const path = join(folder, 'page.tif')
      const placement = await writeRepaired(page, repair, path, page.width)
      const seen = darkBox(await toGray(sharp(path)))
      const block: Block = { box: seen, paragraphs: [] }
      const [placed] = placeBlocks([block], placement, page)
      assert.ok(placed)
      for (const side of ['x', 'y', 'width', 'height'] as const) {
        assert.ok(Math.abs(placed.box[side] - box[side]) <= 2, JSON.stringify(placed.box))
      }
      assert.equal((await sharp(path).metadata()).density, 300)
    })
  }

  it('places boxes on a page of which it was given a smaller picture', async () => {
    const page = pageWith([{ x: 100, y: 50, width: 20, height: 20 }], { width: 300, height: 200 })
    const path = join(folder, 'page.tif')
    const placement = await writeRepaired(page, { skew: 0, factor: 2, softness: 0 }, path, 1200)
    const block: Block = { box: darkBox(await toGray(sharp(path))), paragraphs: [] }
    const [placed] = placeBlocks([block], placement, { width: 1200, height: 800 })
    assert.ok(
      Math.abs((placed?.box.x ?? 0) - 400) <= 4 && Math.abs((placed?.box.width ?? 0) - 80) <= 8,
    )
  })

  it('knows how large a page becomes that is turned', () => {
    const { width, height } = turnedSize({ width: 600, height: 400 }, -90)
    assert.deepEqual([Math.round(width), Math.round(height)], [400, 600])
  })

  it('sees paper as white under any light', async () => {
    const falling = pageWith(words, undefined, (x) => 250 - Math.round(x / 4))
    const paper = await paperOf(falling)
    const even = divideBy(falling, await resized(paper, falling.width, falling.height))
    const at = (x: number, y: number) => even.data[y * even.width + x] ?? 0
    for (const x of [10, 300, 590]) assert.ok(at(x, 200) > 235, String(at(x, 200)))
    assert.equal(at(45, 45), 0)
  })

  it('sees paper however small the page is', async () => {
    for (const [width, height] of [
      [1, 1],
      [600, 64],
      [8, 600],
      [3000, 1],
    ] as const) {
      const paper = await paperOf(pageWith([], { width, height }))
      assert.equal(paper.data[0], 255)
    }
  })

  it('finds the angle of lines, whichever way they run', async () => {
    const level = pageWith(words)
    for (const degrees of [-11, -4, -1.5, 0, 2.5, 5, 9]) {
      const turned = await toGray(
        sharp(level.data, { raw: { width: 600, height: 400, channels: 1 } }).rotate(degrees, {
          background: 'white',
        }),
      )
      const { angle, gain } = skewOf(await inkOfPage(turned))
      assert.ok(Math.abs(angle - degrees) <= 0.3, `${angle} for ${degrees}`)
      assert.ok(degrees === 0 || gain > 1.25)
    }
  })

  it('tells a page that lies on its side', async () => {
    const level = await inkOfPage(pageWith(words))
    const lying = await inkOfPage(await turnGray(pageWith(words), 90))
    assert.ok(skewOf(level).clarity > 1.5 * skewOf(turnInk(level)).clarity)
    assert.ok(skewOf(turnInk(lying)).clarity > 1.5 * skewOf(lying).clarity)
  })

  it('knows how much of the ink was read', async () => {
    const ink = await inkOfPage(pageWith(words))
    const read = (count: number, confidence: number) =>
      words.slice(0, count).map((box) => ({ text: 'word', confidence, box }))
    assert.equal(coverage(ink, read(60, 0.9), 600), 1)
    assert.equal(coverage(ink, read(60, 0.4), 600), 0)
    const half = coverage(ink, read(30, 0.9), 600)
    assert.ok(half > 0.45 && half < 0.55)
    assert.equal(coverage(ink, [], 600), 0)
  })
})
