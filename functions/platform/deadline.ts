import { abortReason, OcrError } from '../contract/errors.ts'

export interface Deadline extends Disposable {
  /** Aborts with an OcrError: `deadline_exceeded`, or why the outer signal aborted. */
  readonly signal: AbortSignal
}

/**
 * Limits a piece of work in time, within the limits that `outer` already sets. Dispose of it when the
 * work is over.
 * @param work what is limited, for the message: "Reading the page"
 */
export function createDeadline(work: string, ms: number, outer: AbortSignal): Deadline {
  const controller = new AbortController()
  const onTime = () => {
    const message = `${work} took longer than ${ms / 1000} s.`
    controller.abort(new OcrError('deadline_exceeded', message))
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
