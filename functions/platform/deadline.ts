import { OcrError } from '../contract/errors.ts'

export interface Deadline extends Disposable {
  /** Aborts with the reason of the outer signal, or with `deadline_exceeded`. */
  readonly signal: AbortSignal
}

/**
 * Limits a piece of work in time, within the limits that `outer` already sets. Dispose of it when the
 * work is over.
 * @param work what is limited, for the message: "Reading the page"
 */
export function createDeadline(work: string, ms: number, outer: AbortSignal): Deadline {
  const timer = new AbortController()
  const message = `${work} took longer than ${ms / 1000} s.`
  const timeout = setTimeout(() => timer.abort(new OcrError('deadline_exceeded', message)), ms)
  return {
    signal: AbortSignal.any([outer, timer.signal]),
    [Symbol.dispose]: () => clearTimeout(timeout),
  }
}
