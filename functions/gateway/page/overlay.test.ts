import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { wordOf } from './fixtures/pages.ts'
import { drawOverlay, type Pen } from './overlay.ts'

const palette = {
  certain: 'certain',
  likely: 'likely',
  doubtful: 'doubtful',
  uncertain: 'uncertain',
  found: 'found',
}

interface Stroke {
  readonly color: string
  readonly dash: number[]
  readonly boxes: number[][]
}

/** A pen that keeps what was stroked. */
function recordingPen(): { pen: Pen; strokes: Stroke[] } {
  const strokes: Stroke[] = []
  let boxes: number[][] = []
  let dash: number[] = []
  const pen: Pen = {
    strokeStyle: '',
    fillStyle: '',
    lineWidth: 1,
    globalAlpha: 1,
    beginPath() {
      boxes = []
    },
    rect: (...box) => boxes.push(box),
    setLineDash(segments: Iterable<number>) {
      dash = [...segments]
    },
    fill: () => undefined,
    stroke() {
      strokes.push({ color: String(pen.strokeStyle), dash, boxes })
    },
  }
  return { pen, strokes }
}

const words = [0.99, 0.95, 0.8, 0.7, 0.2].map((confidence, index) =>
  wordOf(['word', 100 * index, 0, confidence]),
)
const plain = {
  view: { scale: 1, x: 0, y: 0 },
  frame: { width: 640, height: 480 },
  threshold: 0,
  palette,
} as const

const drawn = (change: Partial<Parameters<typeof drawOverlay>[1]> = {}) => {
  const { pen, strokes } = recordingPen()
  drawOverlay(pen, { ...plain, words, found: new Set(), ...change })
  return strokes
}

describe('boxes', () => {
  it('are drawn in a colour and a line for each level', () => {
    const strokes = drawn()
    assert.deepEqual(
      strokes.map(({ color, boxes }) => [color, boxes.length]),
      [
        ['certain', 2],
        ['likely', 1],
        ['doubtful', 1],
        ['uncertain', 1],
      ],
    )
    assert.equal(new Set(strokes.map(({ dash }) => dash.join())).size, 4)
  })

  it('take as many strokes for a thousand words', () => {
    const many = Array.from({ length: 1000 }, (_, index) =>
      wordOf(['w', index, 0, (index % 100) / 100]),
    )
    assert.equal(drawn({ words: many }).length, 4)
  })

  it('lie where the page does, around the ink', () => {
    const [stroke] = drawn({ words: words.slice(1, 2), view: { scale: 2, x: 7, y: 5 } })
    assert.deepEqual(stroke?.boxes, [[207 - 1.5, 5 - 1.5, 80 + 3, 40 + 3]])
  })

  it('are left out under the threshold, and drawn at it', () => {
    const colors = drawn({ threshold: 0.8 }).map(({ color }) => color)
    assert.deepEqual(colors, ['certain', 'likely'])
  })

  it('are drawn for what is found, hidden or not, and that last', () => {
    const threshold = Number.POSITIVE_INFINITY
    const strokes = drawn({ threshold, found: new Set([0, 4]) })
    assert.deepEqual(
      strokes.map(({ color, boxes }) => [color, boxes.length]),
      [['found', 2]],
    )
    assert.equal(drawn({ found: new Set([0]) }).at(-1)?.color, 'found')
  })

  it('are left out where they are not to be seen', () => {
    // The second and the third word reach into the frame.
    const view = { scale: 1, x: -110, y: 0 }
    const strokes = drawn({ view, frame: { width: 90, height: 480 } })
    assert.deepEqual(
      strokes.map(({ color, boxes }) => [color, boxes.length]),
      [
        ['certain', 1],
        ['likely', 1],
      ],
    )
    assert.deepEqual(drawn({ view: { scale: 1, x: 0, y: -30 } }), [])
  })
})
