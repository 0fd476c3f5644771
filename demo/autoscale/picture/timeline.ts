import { scaleLinear } from 'd3-scale'
import type { Summary } from '../figures/summary.ts'
import { type Window, windowsOf } from '../figures/windows.ts'
import type { Recording, Span } from '../recording.ts'
import { captionOf, titleOf } from './captions.ts'
import { element, type Markup } from './markup.ts'
import { drawPanel, headHeight, left, type Panel, right, type Scale, width } from './panel.ts'
import { podsPanel } from './pods-panel.ts'
import { latencyPanel, lossesPanel, ratePanel } from './request-panels.ts'
import { style } from './style.ts'

const captionHeight = 68
const phaseHeight = 28
const panelGap = 6
const axisHeight = 46
/** As many points as a line can have before it trembles with single requests. */
const mostWindows = 90

/**
 * Draws a run as an SVG document: charts one below the other over the same time, phases as bands behind them.
 * @param about the summary is of the same recording; the subject is what was asked of whom, for the caption
 */
export function drawTimeline(
  recording: Recording,
  about: { summary: Summary; subject: string },
): string {
  const { summary, subject } = about
  const { seconds, spans, pods } = recording
  const panels = panelsOf(recording)
  const top = captionHeight + phaseHeight
  const tops = panels.map((_, index) => top + heightOf(panels.slice(0, index)))
  const bottom = top + heightOf(panels) - panelGap
  const height = bottom + axisHeight
  const x = scaleLinear([0, Math.max(seconds, 1)], [left, width - right])
  const title = titleOf(recording, summary)
  const caption = captionOf(summary, { hasPods: pods.length > 0, subject })

  const document = element(
    'svg',
    {
      ...{ xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}` },
      ...{ width, height, role: 'img' },
    },
    element('title', {}, title),
    element('desc', {}, caption.join('. ')),
    style(),
    element('rect', {
      ...{ class: 'ground', x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 8 },
    }),
    element('text', { class: 'title', x: left, y: 30 }, title),
    ...caption.map((line, index) =>
      element('text', { class: 'faint', x: left, y: 49 + 17 * index }, line),
    ),
    ...spans.flatMap((span, index) => band(span, index, { x, top: captionHeight + 8, bottom })),
    ...panels.map((panel, index) => drawPanel(panel, x, tops[index] ?? 0)),
    ...axis(x, bottom),
  )
  return `${document.markup}\n`
}

function panelsOf({ answers, seconds, pods }: Recording): Panel[] {
  const windows = drawableWindows(windowsOf(answers, seconds, widthFor(seconds)))
  const ofPods = pods.length > 0 ? [podsPanel('gateway', pods), podsPanel('model', pods)] : []
  return [ratePanel(windows), ...ofPods, latencyPanel(windows), lossesPanel(windows)]
}

const widthFor = (seconds: number): number => Math.max(1, Math.ceil(seconds / mostWindows))

/** Alone, a window would be a line without length. */
const drawableWindows = (windows: readonly Window[]): readonly Window[] => {
  const [only] = windows
  return only && windows.length === 1 ? [{ ...only, at: 0 }, only] : windows
}

const heightOf = (panels: readonly Panel[]): number =>
  panels.reduce((sum, { height }) => sum + headHeight + height + panelGap, 0)

interface Place {
  readonly x: Scale
  readonly top: number
  readonly bottom: number
}

/** Every other phase has a ground of its own, and each its name on top, if there is room for it. */
function band({ name, from, to }: Span, index: number, { x, top, bottom }: Place): Markup[] {
  const wide = x(to) - x(from)
  const box = { x: x(from), y: top, width: wide, height: bottom - top }
  const middle = x((from + to) / 2)
  return [
    ...(index % 2 === 1 ? [element('rect', { class: 'band', ...box })] : []),
    ...(wide > name.length * 7 + 4
      ? [element('text', { class: 'faint middle', x: middle, y: top + 14 }, name)]
      : []),
  ]
}

function axis(x: Scale, y: number): Markup[] {
  const ticks = x.ticks(12).filter(Number.isInteger)
  return [
    ...ticks.map((tick) =>
      element(
        'g',
        {},
        element('path', { class: 'grid', d: `M${x(tick).toFixed(1)} ${y}v5` }),
        element('text', { class: 'faint middle', x: x(tick), y: y + 18 }, String(tick)),
      ),
    ),
    element(
      'text',
      { class: 'faint middle', x: (left + width - right) / 2, y: y + 36 },
      'time in seconds',
    ),
  ]
}
