import { percentile } from '../figures/percentile.ts'
import { p95Seconds, secondsOfRead } from '../figures/windows.ts'
import type { Answer, PodCount, PodSample, Span } from '../recording.ts'

/** What is known of a run that is under way; times as in a recording. */
export interface Moment {
  readonly at: number
  readonly spans: readonly Span[]
  readonly answers: readonly Answer[]
  readonly underWay: number
  /** None if pods cannot be seen. */
  readonly pods: readonly PodSample[]
}

/** A moment in a line. */
export function statusLine({ at, spans, answers, underWay, pods }: Moment): string {
  const phase = spans.findLast(({ from }) => from <= at)?.name ?? ''
  const count = (wanted: string) => answers.filter(({ outcome }) => outcome === wanted).length
  const recent = answers.filter(({ sentAt, seconds }) => sentAt + seconds > at - p95Seconds)
  const p95 = percentile(secondsOfRead(recent), 95)
  const now = pods.at(-1)
  return [
    `${at.toFixed(0).padStart(4)} s  ${phase.padEnd(5)}`,
    `${count('read')} read, ${count('refused')} refused, ${count('failed')} failed`,
    `${underWay} under way`,
    `p95 ${p95 === undefined ? '–' : `${p95.toFixed(2)} s`}`,
    ...(now ? [`pods: gateway ${podText(now.gateway)}, model ${podText(now.model)}`] : []),
  ].join('  ')
}

const podText = ({ ready, wanted }: PodCount): string =>
  ready === wanted ? `${ready}` : `${ready} of ${wanted}`
