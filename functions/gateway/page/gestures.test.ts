import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createFingers, turnWheel } from './gestures.ts'

function recorded() {
  const calls: unknown[][] = []
  const gestures = {
    onPan: (by: object) => calls.push(['pan', by]),
    onZoom: (factor: number, at: object) => calls.push(['zoom', factor, at]),
    onTap: (at: object) => calls.push(['tap', at]),
  }
  return { calls, gestures, fingers: createFingers(gestures) }
}

describe('a finger', () => {
  it('taps when it hardly moves', () => {
    const { calls, fingers } = recorded()
    fingers.press({ id: 1, x: 10, y: 10 })
    fingers.move({ id: 1, x: 14, y: 10 })
    fingers.release({ id: 1, x: 14, y: 10 })
    assert.deepEqual(calls, [['tap', { x: 14, y: 10 }]])
    assert.equal(fingers.isDown, false)
  })

  it('pans by all of its way when it moves further', () => {
    const { calls, fingers } = recorded()
    fingers.press({ id: 1, x: 10, y: 10 })
    fingers.move({ id: 1, x: 14, y: 10 })
    fingers.move({ id: 1, x: 30, y: 5 })
    fingers.release({ id: 1, x: 30, y: 5 })
    assert.deepEqual(calls, [['pan', { x: 20, y: -5 }]])
  })

  it('does nothing when it was not pressed, or was taken away', () => {
    const { calls, fingers } = recorded()
    fingers.move({ id: 1, x: 50, y: 50 })
    fingers.release({ id: 1, x: 50, y: 50 })
    fingers.press({ id: 2, x: 0, y: 0 })
    fingers.lose(2)
    fingers.release({ id: 2, x: 0, y: 0 })
    assert.deepEqual(calls, [])
  })
})

describe('two fingers', () => {
  it('zoom around their middle by how far they part, and do not tap', () => {
    const { calls, fingers } = recorded()
    fingers.press({ id: 1, x: 0, y: 0 })
    fingers.press({ id: 2, x: 100, y: 0 })
    fingers.move({ id: 2, x: 200, y: 0 })
    fingers.release({ id: 2, x: 200, y: 0 })
    fingers.release({ id: 1, x: 0, y: 0 })
    assert.deepEqual(calls, [
      ['pan', { x: 50, y: 0 }],
      ['zoom', 2, { x: 100, y: 0 }],
    ])
  })

  it('at one place do not zoom without end', () => {
    const { calls, fingers } = recorded()
    fingers.press({ id: 1, x: 0, y: 0 })
    fingers.press({ id: 2, x: 0, y: 0 })
    fingers.move({ id: 2, x: 10, y: 0 })
    assert.deepEqual(calls.at(-1), ['zoom', 10, { x: 5, y: 0 }])
  })
})

describe('a wheel', () => {
  const wheel = { x: 5, y: 5, deltaX: 0, deltaY: 0, deltaMode: 0, ctrlKey: false, metaKey: false }

  it('pans, by lines as well', () => {
    const { calls, gestures } = recorded()
    turnWheel({ ...wheel, deltaX: 3, deltaY: 10 }, gestures)
    turnWheel({ ...wheel, deltaY: 2, deltaMode: 1 }, gestures)
    assert.deepEqual(calls, [
      ['pan', { x: -3, y: -10 }],
      ['pan', { x: -0, y: -32 }],
    ])
  })

  it('zooms with Ctrl where the pointer is, by a bounded step', () => {
    const { calls, gestures } = recorded()
    turnWheel({ ...wheel, deltaY: -9999, ctrlKey: true }, gestures)
    const [[kind, factor, at] = []] = calls
    assert.deepEqual([kind, at], ['zoom', { x: 5, y: 5 }])
    assert.ok(typeof factor === 'number' && factor > 1 && factor < 2)
  })
})
