import asciichart from 'asciichart'
import { type Window, windowsOf } from '../figures/windows.ts'
import type { Pods } from '../recording.ts'
import { type Moment, statusLine } from './moment.ts'

export interface ChartSize {
  readonly columns: number
}

interface ChartOptions extends ChartSize {
  readonly hasColours: boolean
}

const { blue, green, magenta, reset, yellow } = asciichart
/** Of the axis, with its numbers. */
const axisColumns = 12

interface Plot {
  readonly title: string
  readonly series: ReadonlyArray<{ readonly values: readonly number[]; readonly colour: string }>
  readonly height: number
  readonly digits: number
}

/** Draws a moment for a terminal: the whole run so far, as wide as there is room. */
export function chart(moment: Moment, { columns, hasColours }: ChartOptions): string {
  const points = columns - axisColumns
  const windows = windowsOf(moment.answers, moment.at, Math.max(1, moment.at / points))
  const plots = [...podPlots(moment, windows, hasColours), ...requestPlots(windows)]
  return [...plots.map((plot) => draw(plot, hasColours)), statusLine(moment)]
    .join('\n')
    .split('\n')
    .map((line) => fit(line, columns))
    .join('\n')
}

function podPlots({ pods }: Moment, windows: readonly Window[], hasColours: boolean): Plot[] {
  if (pods.length === 0) return []
  const ready = (service: keyof Pods) =>
    windows.map(({ at }) => pods.findLast((sample) => sample.at <= at)?.[service].ready ?? 0)
  const name = (text: string, colour: string) => (hasColours ? `${colour}${text}${reset}` : text)
  const [gateway, model] = [ready('gateway'), ready('model')]
  return [
    {
      title: `pods that are ready: ${name('gateway', magenta)}, ${name('model', blue)} (in front)`,
      series: [
        { values: gateway, colour: magenta },
        { values: model, colour: blue },
      ],
      height: Math.min(6, Math.max(2, ...gateway, ...model)),
      digits: 0,
    },
  ]
}

const requestPlots = (windows: readonly Window[]): Plot[] => [
  {
    title: 'requests read per second',
    series: [{ values: windows.map(({ read }) => read), colour: green }],
    height: 5,
    digits: 1,
  },
  {
    title: 'p95 latency in seconds',
    series: [{ values: windows.map(({ p95 }) => p95 ?? 0), colour: yellow }],
    height: 4,
    digits: 1,
  },
]

function draw({ title, series, height, digits }: Plot, hasColours: boolean): string {
  const values = series.map((one) => one.values)
  // By the height where values are small whole numbers, so that each has a row.
  const most = digits === 0 ? height : Math.max(...values.flat()) || 1
  const plot = asciichart.plot(values, {
    min: 0,
    max: most,
    height,
    colors: hasColours ? series.map(({ colour }) => colour) : [],
    format: (value) => value.toFixed(digits).padStart(axisColumns - 4),
  })
  return `${title}\n${plot}`
}

const escapes = new RegExp(`${reset.slice(0, 1)}\\[\\d+m`, 'g')

/** A line that wraps would be one more than are cleared. Only plain ones can be too long. */
const fit = (line: string, columns: number): string =>
  line.replaceAll(escapes, '').length <= columns ? line : line.slice(0, columns)
