import type { Summary } from '../figures/summary.ts'
import type { Recording } from '../recording.ts'

const seconds = (value: number): string => `${value.toFixed(1)} s`

/** How the pods came and went, when, and what came of how many requests. */
export function titleOf({ startedAt, pods }: Recording, summary: Summary): string {
  const { requests, read, refused, failed, mostPods } = summary
  const [first, last] = [pods[0], pods.at(-1)]
  const breath =
    first && last && mostPods
      ? `${first.model.ready} → ${mostPods.model} → ${last.model.ready} pods of the model`
      : 'Load'
  const date = startedAt.toISOString().slice(0, 10)
  return `${breath}, ${date}: ${requests} requests, ${read} read, ${refused} refused, ${failed} failed`
}

interface CaptionOptions {
  readonly hasPods: boolean
  readonly subject: string
}

/** One or two lines that say what was asked, and what cannot be read off the charts. */
export function captionOf(summary: Summary, { hasPods, subject }: CaptionOptions): string[] {
  const { p50, p95, firstAnswer, scaledUpAfter, backToZeroAfter, heldBack } = summary
  const facts = [
    p50 !== null && p95 !== null ? `latency p50 ${seconds(p50)}, p95 ${seconds(p95)}` : '',
    firstAnswer !== null ? `first answer from zero in ${seconds(firstAnswer)}` : '',
    scaledUpAfter !== null ? `model scaled up after ${seconds(scaledUpAfter)}` : '',
    backToZeroAfter !== null
      ? `back to zero ${seconds(backToZeroAfter)} after the last answer`
      : '',
    heldBack > 0 ? `${heldBack} never sent` : '',
    hasPods ? '' : 'pods were not counted',
  ]
  return [subject, facts.filter(Boolean).join(' · ')].filter(Boolean)
}
