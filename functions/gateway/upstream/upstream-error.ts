import { errors } from 'undici'
import {
  type ErrorKind,
  errorKindHeader,
  errorTable,
  isErrorKind,
  OcrError,
} from '../../contract/errors.ts'
import { retryAfterSeconds } from '../../platform/retry-after.ts'

/** The model did not take the request up: the same one may be sent again at once. */
export class NotTakenError extends OcrError {}

export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>

/** Kinds that tell of a wrong `KSERVE_URL` and are no fault of the caller. */
const aboutOurCall: ReadonlySet<ErrorKind> = new Set([
  'not_found',
  'model_not_found',
  'method_not_allowed',
])

/** The kind that an answer names, if the model itself wrote it and it concerns the caller. */
export function namedKind(headers: AnswerHeaders): ErrorKind | undefined {
  const kind = headers[errorKindHeader]
  return isErrorKind(kind) && !aboutOurCall.has(kind) ? kind : undefined
}

/** An error of the model, in its own words. */
export function modelError(kind: ErrorKind, text: string, headers: AnswerHeaders): OcrError {
  const options = { retryAfterSeconds: retryAfterSeconds(headers['retry-after']) }
  const isTaken = errorTable[kind].status !== errorTable.model_unavailable.status
  return new (isTaken ? OcrError : NotTakenError)(kind, messageIn(text), options)
}

/**
 * What stands between us and the model answers in plain text: Knative's activator and queue-proxy when they
 * have no room (503) or no more time (504), an ingress without a backend (502, 503).
 */
export function proxyError(status: number, headers: AnswerHeaders): OcrError {
  const cause = new Error(`The model's URL answered ${status}`)
  const options = { cause, retryAfterSeconds: retryAfterSeconds(headers['retry-after']) }
  if (status === 429) return new OcrError('overloaded', 'The model is busy.', options)
  if (status === 503) {
    return new NotTakenError('model_unavailable', 'The model is not there.', {
      ...options,
      retryAfterSeconds: options.retryAfterSeconds ?? 1,
    })
  }
  if (status === 504) return new OcrError('deadline_exceeded', 'The model took too long.', options)
  return badAnswer(cause)
}

/** A call that ended without an answer, or within one. */
export function brokenCall(cause: unknown, maxAnswerBytes: number): unknown {
  // Of ours or a mistake of ours: it tells nothing of the model.
  if (cause instanceof OcrError || cause instanceof errors.InvalidArgumentError) return cause
  if (cause instanceof errors.ResponseExceededMaxSizeError) {
    const limit = `${maxAnswerBytes / 2 ** 20} MiB`
    const message = `The result has more than ${limit}; ask for fewer pages at once.`
    return new OcrError('output_too_large', message, { cause })
  }
  if (cause instanceof errors.HTTPParserError || cause instanceof errors.HeadersOverflowError) {
    return badAnswer(cause)
  }
  return new OcrError('model_unavailable', unreachable, { cause, retryAfterSeconds: 1 })
}

/** No connection could be made, or one that had stood idle was gone. */
export const notConnected = (cause: Error): NotTakenError =>
  new NotTakenError('model_unavailable', unreachable, { cause, retryAfterSeconds: 1 })

const unreachable = 'The model cannot be reached now.'

export const badAnswer = (cause: unknown): OcrError =>
  new OcrError('bad_upstream', 'The model gave an answer that is none.', { cause })

function messageIn(text: string): string {
  try {
    const { error } = JSON.parse(text)
    if (typeof error === 'string') return error
  } catch {
    // Without words of its own the kind must do.
  }
  return 'The model refused the request.'
}
