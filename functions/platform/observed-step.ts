import { type ErrorKind, toOcrError } from '../contract/errors.ts'
import type { Span } from './telemetry/tracing.ts'

export interface StepEnd {
  readonly seconds: number
  /** What it failed by. */
  readonly error: ErrorKind | undefined
}

interface Step<T> {
  /** It is ended when the step is. */
  readonly span: Span
  /** Is told how the step ended, before the span is. */
  readonly onEnd?: (end: StepEnd) => void
  /** What is wrong with a result that is no exception. */
  readonly errorIn?: (result: T) => ErrorKind | undefined
}

/**
 * Does a step of the work inside of its span, and takes its time.
 * @throws what the work throws
 */
export async function observeStep<T>(step: Step<T>, work: () => Promise<T>): Promise<T> {
  const { span, onEnd, errorIn } = step
  const start = performance.now()
  const end = (error: ErrorKind | undefined) => {
    onEnd?.({ seconds: (performance.now() - start) / 1_000, error })
    span.end(error)
  }
  let result: T
  try {
    result = await span.run(work)
  } catch (thrown) {
    end(toOcrError(thrown).kind)
    throw thrown
  }
  end(errorIn?.(result))
  return result
}
