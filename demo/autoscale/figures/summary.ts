import { hasPods, type PodSample, type Recording } from '../recording.ts'
import { percentile } from './percentile.ts'
import { secondsOfRead } from './windows.ts'

/** A run in few numbers. Times are in seconds; what could not be seen is null. */
export interface Summary {
  readonly requests: number
  readonly read: number
  readonly refused: number
  readonly failed: number
  readonly heldBack: number
  readonly mostLate: number
  /** Of the requests that were read. */
  readonly p50: number | null
  readonly p95: number | null
  /** Pods that were ready at once. */
  readonly mostPods: { readonly gateway: number; readonly model: number } | null
  /** Of the first request, if there was no pod when it was sent. */
  readonly firstAnswer: number | null
  /** From the first request until more pods of the model were wanted than at its time. */
  readonly scaledUpAfter: number | null
  /** From the last answer until there was no pod. */
  readonly backToZeroAfter: number | null
}

export function summaryOf(recording: Recording): Summary {
  const { answers, heldBack, mostLate, pods } = recording
  const count = (wanted: string) => answers.filter(({ outcome }) => outcome === wanted).length
  const times = secondsOfRead(answers)
  return {
    requests: answers.length,
    read: count('read'),
    refused: count('refused'),
    failed: count('failed'),
    heldBack,
    mostLate,
    p50: percentile(times, 50) ?? null,
    p95: percentile(times, 95) ?? null,
    mostPods: pods.length > 0 ? mostReady(pods) : null,
    ...firstSteps(recording),
    backToZeroAfter: backToZero(recording),
  }
}

const mostReady = (pods: readonly PodSample[]) => ({
  gateway: Math.max(...pods.map(({ gateway }) => gateway.ready)),
  model: Math.max(...pods.map(({ model }) => model.ready)),
})

function firstSteps({ answers, pods }: Recording): Pick<Summary, 'firstAnswer' | 'scaledUpAfter'> {
  const first = answers.toSorted((a, b) => a.sentAt - b.sentAt)[0]
  const before = first && pods.findLast(({ at }) => at <= first.sentAt)
  if (!first || !before) return { firstAnswer: null, scaledUpAfter: null }
  const scaledUp = pods.find(
    ({ at, model }) => at > first.sentAt && model.wanted > before.model.wanted,
  )
  return {
    firstAnswer: first.outcome === 'read' && !hasPods(before) ? first.seconds : null,
    scaledUpAfter: scaledUp ? scaledUp.at - first.sentAt : null,
  }
}

function backToZero({ answers, pods }: Recording): number | null {
  if (answers.length === 0) return null
  const lastEnd = answers.reduce((last, { sentAt, seconds }) => Math.max(last, sentAt + seconds), 0)
  const empty = pods.find((sample) => sample.at >= lastEnd && !hasPods(sample))
  return empty ? empty.at - lastEnd : null
}
