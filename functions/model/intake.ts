import { invalid } from '../contract/errors.ts'
import type { OcrBatch } from '../contract/ocr-tensors.ts'
import { timeoutHeader } from '../contract/v2-rest.ts'
import type { Admission } from '../platform/admission.ts'
import { readBody } from '../platform/body.ts'
import { createDeadline } from '../platform/deadline.ts'
import { copiedBytes, type Hold, type Receiving } from '../platform/receiving.ts'

export interface IntakeOptions {
  readonly admission: Admission
  readonly receiving: Receiving
  readonly maxBodyBytes: number
}

interface Intake<I, T> {
  /** What a body asks for. Of the body it keeps nothing but the images, which may be views of it. */
  parse(body: Uint8Array): I
  /** @param signal aborts when the caller has gone, or no longer waits */
  work(input: I, signal: AbortSignal): Promise<T>
}

/**
 * Does the work that the body of a request asks for, if there is a place and memory for it; both are free again
 * afterwards.
 * @throws OcrError `overloaded` when there is not, and whatever is wrong with the body or with how long the caller
 *   waits
 */
export async function withBody<I extends Pick<OcrBatch, 'images'>, T>(
  request: Request,
  options: IntakeOptions,
  { parse, work }: Intake<I, T>,
): Promise<T> {
  const timeoutMs = timeoutOf(request)
  using _place = options.admission.admit()
  using memory = options.receiving.open()
  // The time begins with the headers, as that of a gRPC call does. A body is let in to its end even so: an answer
  // to one that is still being sent may be lost.
  using deadline =
    timeoutMs === undefined ? undefined : createDeadline('The request', timeoutMs, request.signal)
  const input = await readInput(request, { ...options, memory, parse })
  return await work(input, deadline?.signal ?? request.signal)
}

interface ReadOptions<I> extends Pick<IntakeOptions, 'maxBodyBytes'> {
  readonly memory: Hold
  readonly parse: Intake<I, unknown>['parse']
}

/** Apart from the work, during which the body would not be given up otherwise. */
async function readInput<I extends Pick<OcrBatch, 'images'>>(
  request: Request,
  { memory, maxBodyBytes, parse }: ReadOptions<I>,
): Promise<I> {
  const body = await readBody(request, maxBodyBytes, memory)
  const input = parse(body)
  const { images } = input
  // The text of a JSON is not needed any more; what was decoded from base64 is less.
  const copied = copiedBytes(body, images)
  const isView = images.some(({ buffer }) => buffer === body.buffer)
  memory.hold(isView ? body.length + copied : copied)
  return input
}

/** Nine digits are less than what a timer can wait for. */
const wholeMilliseconds = /^[1-9]\d{0,8}$/

function timeoutOf({ headers }: Request): number | undefined {
  const value = headers.get(timeoutHeader)
  if (value === null) return undefined
  if (wholeMilliseconds.test(value)) return Number(value)
  return invalid(`The header ${timeoutHeader} must be whole milliseconds, from 1 to 999999999.`)
}
