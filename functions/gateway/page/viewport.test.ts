import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { clamped, fitted, panned, revealed, toFrame, toPage, zoomed } from './viewport.ts'

const page = { width: 1000, height: 2000 }
const frame = { width: 640, height: 840 }

describe('a page', () => {
  it('fits its frame and lies in the middle', () => {
    const view = fitted(page, frame)
    assert.deepEqual(view, { scale: 0.4, x: 120, y: 20 })
  })

  it('is not blown up when it is small', () => {
    assert.deepEqual(fitted({ width: 100, height: 50 }, frame), { scale: 2, x: 220, y: 370 })
  })

  it('has a place even without a size, or in a frame without one', () => {
    assert.equal(fitted({ width: 0, height: 0 }, frame).scale, 1)
    assert.ok(fitted(page, { width: 0, height: 0 }).scale > 0)
  })

  it('keeps the point under the pointer when it is zoomed', () => {
    const at = { x: 300, y: 400 }
    const before = fitted(page, frame)
    const after = zoomed(before, { factor: 3, at, page, frame })
    assert.equal(after.scale, before.scale * 3)
    const [was, is] = [toPage(before, at), toPage(after, at)]
    assert.ok(Math.abs(was.x - is.x) < 0.001 && Math.abs(was.y - is.y) < 0.001)
  })

  it('is zoomed to eight times at most, and out to half of what fits', () => {
    const at = { x: 0, y: 0 }
    const view = fitted(page, frame)
    assert.equal(zoomed(view, { factor: 1000, at, page, frame }).scale, 8)
    assert.equal(zoomed(view, { factor: 0.001, at, page, frame }).scale, 0.2)
  })

  it('is never moved out of sight', () => {
    const view = { scale: 1, x: 0, y: 0 }
    const far = panned(view, { x: 9000, y: -9000 }, page, frame)
    assert.deepEqual(far, { scale: 1, x: 20, y: 840 - 2000 - 20 })
    const fits = { scale: 0.1, x: 500, y: 500 }
    assert.deepEqual(clamped(fits, page, frame), { scale: 0.1, x: 270, y: 320 })
  })

  it('is moved as little as it takes to show a word', () => {
    const view = { scale: 1, x: 0, y: 0 }
    const seen = { x: 100, y: 100, width: 50, height: 20 }
    assert.equal(revealed(view, seen, page, frame), view)
    const hidden = { x: 100, y: 1500, width: 50, height: 20 }
    const next = revealed(view, hidden, page, frame)
    assert.deepEqual(toFrame(next, hidden), { x: 100, y: 840 - 40 - 20, width: 50, height: 20 })
  })

  it('shows a word that is larger than the frame from its middle', () => {
    const view = { scale: 1, x: 0, y: 0 }
    const wide = { x: 10, y: 900, width: 900, height: 20 }
    assert.equal(revealed(view, wide, page, frame).y, 840 - 40 - 20 - 900)
  })
})
