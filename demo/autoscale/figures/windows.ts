import type { Answer, Outcome } from '../recording.ts'
import { percentile } from './percentile.ts'

/** A piece of the run. Counts are per second. */
export interface Window extends Readonly<Record<Outcome, number>> {
  /** Its middle, in seconds from the begin. */
  readonly at: number
  readonly sent: number
  /** Of the requests that were read in the last {@link p95Seconds}, in seconds; undefined of none. */
  readonly p95: number | undefined
}

/** One window alone may hold too few requests to have a percentile that tells anything. */
export const p95Seconds = 5

/**
 * Cuts a run into windows that are `width` seconds wide. A request counts as sent in the one in which it left, and
 * as what came of it in the one in which it ended.
 */
export function windowsOf(answers: readonly Answer[], seconds: number, width: number): Window[] {
  const count = Math.max(1, Math.ceil(seconds / width))
  const windowAt = (at: number) => Math.min(count - 1, Math.max(0, Math.floor(at / width)))
  const sent = new Map(
    [...Map.groupBy(answers, (answer) => windowAt(answer.sentAt))].map(([at, of]) => [
      at,
      of.length,
    ]),
  )
  const ended = Map.groupBy(answers, (answer) => windowAt(answer.sentAt + answer.seconds))
  const reach = Math.max(1, Math.ceil(p95Seconds / width))

  return Array.from({ length: count }, (_, index) => {
    const outcomes = Object.groupBy(ended.get(index) ?? [], ({ outcome }) => outcome)
    const recent = Array.from({ length: reach }, (_, back) => ended.get(index - back) ?? []).flat()
    return {
      at: (index + 0.5) * width,
      sent: (sent.get(index) ?? 0) / width,
      read: (outcomes.read?.length ?? 0) / width,
      refused: (outcomes.refused?.length ?? 0) / width,
      failed: (outcomes.failed?.length ?? 0) / width,
      p95: percentile(secondsOfRead(recent), 95),
    }
  })
}

export const secondsOfRead = (answers: readonly Answer[]): number[] =>
  answers.filter(({ outcome }) => outcome === 'read').map(({ seconds }) => seconds)
