import type { Answer } from '../recording.ts'

/** Why requests failed, the most frequent reason first: `["status 502, 3 times", …]`. */
export function reasonsOf(answers: readonly Answer[]): string[] {
  const failed = answers.filter(({ outcome }) => outcome === 'failed')
  return [...Map.groupBy(failed, ({ why = 'unknown' }) => why)]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([why, { length }]) => (length === 1 ? `${why}, once` : `${why}, ${length} times`))
}
