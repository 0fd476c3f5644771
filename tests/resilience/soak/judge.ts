import type { Entry } from '../load/ask.ts'
import { msOf } from '../load/ends.ts'
import { quantile } from '../report.ts'
import type { SoakMix } from './mix.ts'

type Mix = Pick<SoakMix, 'kills' | 'isHostile'>

/** Requests that are enough for a p95; where tenths of a run are fewer, thirds are compared. */
const enough = 100

export const digestOf = ({ end }: Entry): string => (end.outcome === 'answered' ? end.digest : '')

/** Requests that did not end as they have to, apart from those under way while an engine was killed. */
export const unexpected = (entries: readonly Entry[], mix: Mix): Entry[] =>
  entries.filter((entry) => !isHit(entry, mix.kills) && !isAsExpected(entry, mix))

/** The engine may have been the one that read for this request. */
const isHit = ({ startedAt, endedAt }: Entry, kills: readonly number[]): boolean =>
  kills.some((at) => at >= startedAt && at <= endedAt)

/** A page is read, what is no page is told so, both may be refused for want of room; whoever goes away gets nothing. */
function isAsExpected(entry: Entry, { isHostile }: Mix): boolean {
  const { end } = entry
  if (end.outcome !== 'answered') return end.outcome === 'cut'
  const wanted = isHostile(entry) ? [415, 422] : [200]
  return [...wanted, 429].includes(end.status)
}

/** p95 of the first and of the last requests of a run, in ms. */
export function slowness(read: readonly Entry[]): {
  readonly first: number
  readonly last: number
} {
  const inOrder = read.toSorted((a, b) => a.startedAt - b.startedAt)
  const size = Math.floor(inOrder.length / (inOrder.length >= 10 * enough ? 10 : 3))
  const p95 = (part: readonly Entry[]) => quantile(part.map(msOf), 0.95)
  return { first: p95(inOrder.slice(0, size)), last: p95(inOrder.slice(-size)) }
}
