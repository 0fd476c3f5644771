import { type ScaleLinear, scaleLinear } from 'd3-scale'
import { element, type Markup } from './markup.ts'
import type { SeriesName } from './style.ts'

export const width = 960
export const left = 52
export const right = 20
/** Above the frame of a panel, for its name and legend. */
export const headHeight = 26

export type Scale = ScaleLinear<number, number>

export interface Legend {
  readonly name: SeriesName
  readonly text: string
  readonly shape: 'line' | 'wanted' | 'area' | 'bar'
}

/** One of the charts that share the axis of time. */
export interface Panel {
  /** What it shows, in which unit. */
  readonly title: string
  /** Of its frame. */
  readonly height: number
  /** Its largest value, more than 0, which is the smallest. */
  readonly most: number
  /** Whether values between whole numbers make no sense, as with pods. */
  readonly isWhole?: boolean
  readonly legend: readonly Legend[]
  draw(x: Scale, y: Scale): readonly Markup[]
}

/** Draws a panel whose head begins at `top`. */
export function drawPanel(panel: Panel, x: Scale, top: number): Markup {
  const bottom = top + headHeight + panel.height
  // Room above keeps lines off the head.
  const y = scaleLinear([0, panel.most * 1.08], [bottom, top + headHeight])
  return element(
    'g',
    {},
    head(panel, top + 16),
    ...gridLines(panel, y),
    ...panel.draw(x, y),
    element('path', { class: 'grid', d: `M${left} ${bottom}H${width - right}` }),
  )
}

function gridLines({ height, isWhole }: Panel, y: Scale): Markup[] {
  const count = Math.max(1, Math.round(height / 28))
  const ticks = y.ticks(count).filter((tick) => !isWhole || Number.isInteger(tick))
  const format = y.tickFormat(count)
  return ticks.map((tick) =>
    element(
      'g',
      {},
      element('path', {
        class: 'grid',
        'stroke-opacity': '.6',
        d: `M${left} ${y(tick).toFixed(1)}H${width - right}`,
      }),
      element('text', { class: 'faint end', x: left - 8, y: y(tick) + 4 }, label(tick, format)),
    ),
  )
}

const label = (tick: number, format: (tick: number) => string): string =>
  Number.isInteger(tick) ? String(tick) : format(tick)

/** For text of 12 px whose font is not known. */
const letterWidth = 6.6

function head({ title, legend }: Panel, y: number): Markup {
  let x = left + title.length * 7.2 + 18
  const entries = legend.flatMap(({ name, text, shape }) => {
    const at = x
    x += 24 + text.length * letterWidth + 14
    return [sample(name, shape, at, y - 4), element('text', { x: at + 24, y }, text)]
  })
  return element('g', {}, element('text', { class: 'head', x: left, y }, title), ...entries)
}

function sample(name: SeriesName, shape: Legend['shape'], x: number, y: number): Markup {
  if (shape === 'bar') {
    return element('rect', { class: `${name} bar`, x: x + 4, y: y - 5, width: 12, height: 10 })
  }
  const line = element('path', {
    class: `${name} line ${shape === 'wanted' ? 'wanted' : ''}`.trim(),
    d: `M${x.toFixed(1)} ${y}h18`,
  })
  if (shape !== 'area') return line
  const area = element('rect', { class: `${name} area`, x, y, width: 18, height: 6 })
  return element('g', {}, area, line)
}
