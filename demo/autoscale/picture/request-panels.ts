import { area, line } from 'd3-shape'
import { p95Seconds, type Window } from '../figures/windows.ts'
import { element, type Markup } from './markup.ts'
import { left, type Panel, type Scale } from './panel.ts'

type Series = 'sent' | 'read' | 'p95'

const pathOf = (windows: readonly Window[], name: Series, x: Scale, y: Scale): string =>
  line<Window>()
    .defined((window) => window[name] !== undefined)
    .x(({ at }) => x(at))
    .y((window) => y(window[name] ?? 0))
    .digits(1)(windows) ?? ''

const areaOf = (windows: readonly Window[], name: Series, x: Scale, y: Scale): string =>
  area<Window>()
    .defined((window) => window[name] !== undefined)
    .x(({ at }) => x(at))
    .y0(y(0))
    .y1((window) => y(window[name] ?? 0))
    .digits(1)(windows) ?? ''

export const ratePanel = (windows: readonly Window[]): Panel => ({
  title: 'Requests per second',
  height: 96,
  most: Math.max(1, ...windows.map(({ sent, read }) => Math.max(sent, read))),
  legend: [
    { name: 'read', text: 'read', shape: 'area' },
    { name: 'sent', text: 'sent', shape: 'line' },
  ],
  draw: (x, y) => [
    element('path', { class: 'read area', d: areaOf(windows, 'read', x, y) }),
    element('path', { class: 'sent line thin', d: pathOf(windows, 'sent', x, y) }),
    element('path', { class: 'read line', d: pathOf(windows, 'read', x, y) }),
  ],
})

export const latencyPanel = (windows: readonly Window[]): Panel => ({
  title: 'Latency in seconds',
  height: 80,
  most: Math.max(0.1, ...windows.map(({ p95 }) => p95 ?? 0)),
  legend: [{ name: 'p95', text: `p95 of the last ${p95Seconds} s`, shape: 'area' }],
  draw: (x, y) => [
    element('path', { class: 'p95 area', d: areaOf(windows, 'p95', x, y) }),
    element('path', { class: 'p95 line', d: pathOf(windows, 'p95', x, y) }),
  ],
})

/** Bars of what was not read, failures at the bottom; it says so if there were none. */
export function lossesPanel(windows: readonly Window[]): Panel {
  const most = Math.max(...windows.map(({ refused, failed }) => refused + failed))
  return {
    title: 'Not read, per second',
    height: most > 0 ? 48 : 24,
    most: Math.max(1, most),
    legend: [
      { name: 'refused', text: 'refused, to come again', shape: 'bar' },
      { name: 'failed', text: 'failed', shape: 'bar' },
    ],
    draw: (x, y) => {
      if (most === 0) return [none(y)]
      const failed = bars(windows, { from: () => 0, to: (window) => window.failed }, x, y)
      const from = (window: Window) => window.failed
      const to = (window: Window) => window.failed + window.refused
      const refused = bars(windows, { from, to }, x, y)
      return [
        element('path', { class: 'failed bar', d: failed }),
        element('path', { class: 'refused bar', d: refused }),
      ]
    },
  }
}

type ValueOf = (window: Window) => number

/** One path with a box for each window that has something between two values. */
function bars(
  windows: readonly Window[],
  { from, to }: { from: ValueOf; to: ValueOf },
  x: Scale,
  y: Scale,
): string {
  const [begin = 0, end = 0] = x.range()
  const wide = Math.max(1.5, (end - begin) / windows.length / 1.6)
  return windows
    .filter((window) => to(window) > from(window))
    .map((window) => {
      const [top, bottom] = [y(to(window)), y(from(window))]
      return `M${(x(window.at) - wide / 2).toFixed(1)},${bottom.toFixed(1)}V${top.toFixed(1)}h${wide.toFixed(1)}V${bottom.toFixed(1)}z`
    })
    .join('')
}

const none = (y: Scale): Markup =>
  element('text', { class: 'faint', x: left + 8, y: y(0) - 7 }, 'none refused, none failed')
