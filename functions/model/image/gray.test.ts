import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pageWith, words } from './fixtures/pages.ts'
import { divideBy, paperOf, resized } from './gray.ts'

describe('the paper of a page', () => {
  it('is white under any light', async () => {
    const falling = pageWith(words, undefined, (x) => 250 - Math.round(x / 4))
    const paper = await paperOf(falling)
    const even = divideBy(falling, await resized(paper, falling.width, falling.height))
    const at = (x: number, y: number) => even.data[y * even.width + x] ?? 0
    for (const x of [10, 300, 590]) assert.ok(at(x, 200) > 235, String(at(x, 200)))
    assert.equal(at(45, 45), 0)
  })

  it('is seen however small the page is', async () => {
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
})
