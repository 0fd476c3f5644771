import { invalid } from '../contract/v2.ts'
import { timeoutHeader } from '../contract/v2-rest.ts'
import type { Admission } from '../platform/admission.ts'
import { readBody } from '../platform/body.ts'
import { createDeadline } from '../platform/deadline.ts'

export interface IntakeOptions {
  readonly admission: Admission
  readonly maxBodyBytes: number
}

/**
 * Does some work on the body of a request that has a place; the place is free again afterwards.
 * @param work is given a signal that aborts when the caller has gone, or no longer waits
 * @throws OcrError `overloaded` when there is none, and whatever is wrong with the body or with how long the
 *   caller waits
 */
export async function withBody<T>(
  request: Request,
  options: IntakeOptions,
  work: (body: Uint8Array, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const timeoutMs = timeoutOf(request)
  using _place = options.admission.admit()
  // The time begins with the headers, as that of a gRPC call does. A body is let in to its end even so: an answer
  // to one that is still being sent may be lost.
  using deadline =
    timeoutMs === undefined ? undefined : createDeadline('The request', timeoutMs, request.signal)
  return await work(
    await readBody(request, options.maxBodyBytes),
    deadline?.signal ?? request.signal,
  )
}

/** Nine digits are less than what a timer can wait for. */
const wholeMilliseconds = /^[1-9]\d{0,8}$/

function timeoutOf({ headers }: Request): number | undefined {
  const value = headers.get(timeoutHeader)
  if (value === null) return undefined
  if (wholeMilliseconds.test(value)) return Number(value)
  return invalid(`The header ${timeoutHeader} must be whole milliseconds, from 1 to 999999999.`)
}
