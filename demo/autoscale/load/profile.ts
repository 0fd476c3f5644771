import type { Span } from '../recording.ts'

/** A time in which the rate goes in a straight line from one value to another, in requests per second. */
export interface Phase {
  readonly name: string
  readonly seconds: number
  readonly from: number
  readonly to: number
}

/** Seconds of each phase, and requests per second in the burst. */
export interface Profile {
  readonly idle: number
  readonly ramp: number
  readonly burst: number
  readonly rate: number
}

export const profiles = {
  default: { idle: 10, ramp: 40, burst: 40, rate: 4 },
  short: { idle: 3, ramp: 10, burst: 10, rate: 3 },
} as const satisfies Record<string, Profile>

/** Nothing, a climb from nothing to half of the rate, the whole rate, and nothing again. */
export const phasesOf = ({ idle, ramp, burst, rate }: Profile): Phase[] => [
  { name: 'idle', seconds: idle, from: 0, to: 0 },
  { name: 'ramp', seconds: ramp, from: 0, to: rate / 2 },
  { name: 'burst', seconds: burst, from: rate, to: rate },
  { name: 'idle', seconds: idle, from: 0, to: 0 },
]

const requestsIn = ({ seconds, from, to }: Phase): number => ((from + to) / 2) * seconds

/** Requests of all phases together; a part of one is none. */
export const requestsOf = (phases: readonly Phase[]): number =>
  phases.reduce((sum, phase) => sum + requestsIn(phase), 0)

/** For sums of rates that come out a hair above a whole number. */
const hair = 1e-9

/**
 * When each request is due, in seconds from the begin. The number of those that are due follows the area under the rate,
 * so that phases join without a gap or a crowd.
 */
export function dueTimes(phases: readonly Phase[]): number[] {
  const times: number[] = []
  let begin = 0
  let before = 0
  for (const phase of phases) {
    const until = before + requestsIn(phase)
    while (times.length < until - hair) times.push(begin + timeOf(times.length - before, phase))
    before = until
    begin += phase.seconds
  }
  return times
}

/** Seconds into a phase at which so many requests of it are due: the root of from·t + slope·t²/2 = count. */
function timeOf(count: number, { seconds, from, to }: Phase): number {
  if (count <= 0) return 0
  const slope = (to - from) / seconds
  // Written so that it holds for a slope of 0, too. A falling rate may bring a hair below 0 under the root.
  const root = Math.sqrt(Math.max(0, from ** 2 + 2 * slope * count))
  return (2 * count) / (from + root)
}

/** Where the phases lie, when the last one went on until `end`. */
export function spansOf(phases: readonly Phase[], end: number): Span[] {
  let from = 0
  return phases.map(({ name, seconds }, index) => {
    const begin = from
    from += seconds
    return { name, from: begin, to: index === phases.length - 1 ? Math.max(from, end) : from }
  })
}
