/**
 * How a request ended: `read` with 200; `refused` with 429 or 503 and a time to come again, which is the service's word
 * that it has enough to do; `failed` in any other way.
 */
export type Outcome = 'read' | 'refused' | 'failed'

/** A request that has ended. Times are in seconds, counted from the begin of the recording. */
export interface Answer {
  readonly sentAt: number
  /** Until the last byte of the answer. */
  readonly seconds: number
  readonly outcome: Outcome
  /** Of one that failed: its status, or what came instead of an answer, in a word. */
  readonly why?: string
}

/** Pods of one service: how many the autoscaler wants, and how many of them can be asked. */
export interface PodCount {
  readonly wanted: number
  readonly ready: number
}

export interface Pods {
  readonly gateway: PodCount
  readonly model: PodCount
}

export interface PodSample extends Pods {
  readonly at: number
}

/** A phase of the profile as it came to pass. */
export interface Span {
  readonly name: string
  readonly from: number
  readonly to: number
}

/** All that was seen in one run. */
export interface Recording {
  readonly startedAt: Date
  readonly seconds: number
  readonly spans: readonly Span[]
  /** In the order of their ends. */
  readonly answers: readonly Answer[]
  /** Requests that were due while as many as allowed were under way, and so were never sent. */
  readonly heldBack: number
  /** By how much a request left later than planned, at most, in seconds: our own part in what was measured. */
  readonly mostLate: number
  /** In the order of time; none if pods could not be seen. */
  readonly pods: readonly PodSample[]
}

export const hasPods = ({ gateway, model }: Pods): boolean =>
  [gateway, model].some(({ wanted, ready }) => wanted + ready > 0)
