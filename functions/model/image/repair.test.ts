import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import sharp from 'sharp'
import type { Block, Box } from '../../contract/ocr.ts'
import { pageWith } from './fixtures/pages.ts'
import { type Gray, toGray } from './gray.ts'
import { restrictLoaders } from './loaders.ts'
import { placeBlocks } from './placement.ts'
import { turnedSize, writeRepaired } from './repair.ts'

/** The box around all that is dark. */
function darkBox({ width, height, data }: Gray): Box {
  const dark = [...data.keys()].filter((index) => (data[index] ?? 255) < 128)
  const xs = dark.map((index) => index % width)
  const ys = dark.map((index) => Math.floor(index / width))
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  assert.ok(dark.length > 0 && width * height === data.length)
  return { x: left, y: top, width: Math.max(...xs) - left + 1, height: Math.max(...ys) - top + 1 }
}

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
})
