import { parser } from '@prometheus-io/lezer-promql'

/** A piece of an expression. */
interface Piece {
  readonly from: number
  readonly to: number
}

/** By the grammar of Prometheus itself. */
function piecesOf(expression: string, kind: string): Piece[] {
  const pieces: Piece[] = []
  parser.parse(expression).iterate({
    enter({ name, from, to }) {
      if (name === '⚠') throw new Error(`This is not PromQL: ${expression}`)
      if (name === kind) pieces.push({ from, to })
    },
  })
  return pieces
}

/**
 * Every selection of series in an expression, such as `up{job="x"}`.
 * @throws Error if it is none of PromQL
 */
export const selectorsIn = (expression: string): string[] =>
  piecesOf(expression, 'VectorSelector').map(({ from, to }) => expression.slice(from, to))

/**
 * The same expression, looking at times so many times as short: ranges, steps and offsets; numbers are left.
 * @throws Error if it is none of PromQL
 */
export const quickened = (expression: string, factor: number): string =>
  piecesOf(expression, 'NumberDurationLiteralInDurationContext').reduceRight(
    (text, { from, to }) =>
      text.slice(0, from) + quickenedDuration(text.slice(from, to), factor) + text.slice(to),
    expression,
  )

const hour = 3_600_000
const milliseconds: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: hour,
  d: 24 * hour,
  w: 7 * 24 * hour,
  y: 365 * 24 * hour,
}

/**
 * A duration as Prometheus writes it, divided: `5m` at a factor of 60 is `5s`. It is rounded to a millisecond, and never
 * to nothing.
 */
export function quickenedDuration(duration: string, factor: number): string {
  const ms = Math.max(1, Math.round(millisecondsOf(duration) / factor))
  return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`
}

function millisecondsOf(duration: string): number {
  const parts = [...duration.matchAll(/(\d+)(ms|[smhdwy])/g)]
  if (duration === '' || parts.map(([part]) => part).join('') !== duration) {
    throw new Error(`This is no duration: ${duration}`)
  }
  return parts.reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (milliseconds[unit] ?? Number.NaN),
    0,
  )
}
