import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Block, Box } from '../../contract/ocr.ts'
import { inPlace, placeBlocks, scaledBy } from './placement.ts'

const box = { x: 11, y: 21, width: 31, height: 9 }
const blocks: Block[] = [
  { box, paragraphs: [{ box, lines: [{ box, words: [{ text: 'a', confidence: 1, box }] }] }] },
]
const page = { width: 300, height: 200 }

describe('placeBlocks', () => {
  it('leaves boxes in place', () => assert.equal(placeBlocks(blocks, inPlace, page), blocks))

  it('scales every box of the tree', () => {
    const scaled = { x: 28, y: 42, width: 77, height: 18 }
    const boxes: Box[] = []
    JSON.stringify(placeBlocks(blocks, scaledBy(2.5, 2), page), (key, value) => {
      if (key === 'box') boxes.push(value)
      return value
    })
    assert.deepEqual(boxes, [scaled, scaled, scaled, scaled])
  })

  it('draws an upright box around a turned one, within the page', () => {
    // A quarter clockwise about the origin and then 30 to the right: (x, y) is at (30 - y, x).
    const quarter = { a: 0, b: 1, c: -1, d: 0, e: 30, f: 0 }
    assert.deepEqual(placeBlocks(blocks, quarter, page)[0]?.box, {
      x: 0,
      y: 11,
      width: 9,
      height: 31,
    })
    const outside = { ...inPlace, e: 280 }
    assert.deepEqual(placeBlocks(blocks, outside, page)[0]?.box, {
      x: 291,
      y: 21,
      width: 9,
      height: 9,
    })
  })
})
