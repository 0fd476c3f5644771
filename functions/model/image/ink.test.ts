import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inkOfPage, pageWith, words } from './fixtures/pages.ts'
import { coverage } from './ink.ts'

describe('the ink of a page', () => {
  it('is found under any light, and not where there is none', async () => {
    const share = ({ mask }: { mask: Uint8Array }) =>
      mask.reduce((sum, isInk) => sum + isInk) / mask.length
    const letters = words.reduce((sum, { width, height }) => sum + width * height, 0)
    const falling = pageWith(words, undefined, (x) => 250 - Math.round(x / 4))
    const found = share(await inkOfPage(falling))
    assert.ok(Math.abs(found - letters / (600 * 400)) < 0.03, String(found))
    assert.equal(share(await inkOfPage(pageWith([]))), 0)
  })

  it('lies in what was read with confidence, or not', async () => {
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
