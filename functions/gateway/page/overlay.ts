import type { Box, Word } from '../../contract/ocr.ts'
import { type Level, levelOf, levels } from './confidence.ts'
import { type Size, toFrame, type View } from './viewport.ts'

/** What of a canvas is drawn with. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | 'beginPath'
  | 'rect'
  | 'stroke'
  | 'fill'
  | 'setLineDash'
  | 'strokeStyle'
  | 'fillStyle'
  | 'lineWidth'
  | 'globalAlpha'
>

/** Colours by what they are for. */
export type Palette = Readonly<Record<Level | 'found', string>>

interface Scene {
  readonly view: View
  /** What there is to see; boxes that are elsewhere are left out. */
  readonly frame: Size
  readonly words: readonly Word[]
  /** Words under this confidence are left out. */
  readonly threshold: number
  /** Indices of words that the search has found. */
  readonly found: ReadonlySet<number>
  readonly palette: Palette
}

/** The line tells the level as well as its colour does, for those who do not see that. */
const strokes: Readonly<Record<Level, Omit<Style, 'color'>>> = {
  certain: { width: 1, dash: [], line: 0.7, fill: 0.05 },
  likely: { width: 1.25, dash: [7, 2], line: 0.9, fill: 0.06 },
  doubtful: { width: 1.75, dash: [4, 3], line: 1, fill: 0.14 },
  uncertain: { width: 2.25, dash: [2, 2], line: 1, fill: 0.24 },
}
const foundStroke = { width: 1, dash: [], line: 1, fill: 0.4 }

/** Boxes in one path for each level: as many strokes as levels, however many words there are. */
export function drawOverlay(pen: Pen, scene: Scene): void {
  const { view, frame, threshold, found, palette } = scene
  const words = scene.words.map(({ confidence, box }, index) => ({
    confidence,
    index,
    box: toFrame(view, box),
  }))
  const inFrame = words.filter(({ box }) => isSeen(box, frame))
  const shown = inFrame.filter(({ confidence }) => confidence >= threshold)
  for (const { name } of levels) {
    const boxes = shown.filter(({ confidence }) => levelOf(confidence) === name)
    drawBoxes(pen, boxes, { color: palette[name], ...strokes[name] })
  }
  const hits = inFrame.filter(({ index }) => found.has(index))
  drawBoxes(pen, hits, { color: palette.found, ...foundStroke })
}

const isSeen = ({ x, y, width, height }: Box, frame: Size): boolean =>
  x + width >= 0 && y + height >= 0 && x <= frame.width && y <= frame.height

interface Style {
  readonly color: string
  readonly width: number
  readonly dash: number[]
  /** Opacity of the line. */
  readonly line: number
  /** Opacity of the area. */
  readonly fill: number
}

/** CSS pixels of a word's height, under which its box is drawn finer. */
const fullHeight = 16

function drawBoxes(
  pen: Pen,
  boxes: ReadonlyArray<{ readonly box: Box }>,
  { color, width, dash, line, fill }: Style,
): void {
  if (boxes.length === 0) return
  pen.beginPath()
  let height = 0
  for (const { box } of boxes) {
    height += box.height / boxes.length
    // A little air, since boxes end where the ink does.
    const air = Math.min(1.5, box.height / 12)
    pen.rect(box.x - air, box.y - air, box.width + 2 * air, box.height + 2 * air)
  }
  pen.fillStyle = color
  pen.globalAlpha = fill
  pen.fill()
  pen.strokeStyle = color
  pen.globalAlpha = line
  pen.lineWidth = width * Math.max(0.5, Math.min(1, height / fullHeight))
  pen.setLineDash(dash)
  pen.stroke()
}
