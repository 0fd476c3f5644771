import { abortReason, type ErrorKind, OcrError } from '../contract/errors.ts'

export interface Deadline extends Disposable {
  /** Aborts with an OcrError: of the kind for its time, or why the outer signal aborted. */
  readonly signal: AbortSignal
}

/**
 * Limits a piece of work in time, within the limits that `outer` already sets. Dispose of it when the
 * work is over.
 * @param work what is limited, for the message: "Reading the page"
 * @param kind of the error when the time is over
 */
export function createDeadline(
  work: string,
  ms: number,
  outer: AbortSignal,
  kind: ErrorKind = 'deadline_exceeded',
): Deadline {
  const controller = new AbortController()
  const onTime = () => {
    const message = `${work} took longer than ${ms / 1000} s.`
    controller.abort(new OcrError(kind, message))
  }
  const onOuter = () => controller.abort(abortReason(outer.reason))
  const timeout = setTimeout(onTime, ms)
  if (outer.aborted) onOuter()
  else outer.addEventListener('abort', onOuter, { once: true })
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timeout)
      outer.removeEventListener('abort', onOuter)
    },
  }
}
