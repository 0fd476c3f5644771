import { OcrError } from '../../contract/errors.ts'
import { retryAfterSeconds } from '../../platform/retry-after.ts'

/** What is not there now may be so in a moment, unless its server knows better. */
const usualWaitSeconds = 5

/** Statuses of a server that may answer otherwise later, besides those of its own failures. */
export const passingStatuses: ReadonlySet<number> = new Set([408, 425, 429])

/** A document that cannot be fetched until somebody changes something. */
export const refused = (message: string, cause?: unknown): OcrError =>
  new OcrError('reference_refused', message, { cause })

/** A document that may be fetched later. */
export function unavailable(message: string, cause: unknown, retryAfter?: unknown): OcrError {
  const seconds = retryAfterSeconds(retryAfter) ?? usualWaitSeconds
  return new OcrError('reference_unavailable', message, { cause, retryAfterSeconds: seconds })
}

/**
 * What a status other than 200 means.
 * @param retryAfter the header, if there is one
 */
export function statusFailure(status: number, retryAfter?: unknown): OcrError {
  const cause = new Error(`The server of the dataref answered ${status}`)
  if (passingStatuses.has(status) || status >= 500) {
    const message = 'The server of the dataref does not give the document now.'
    return unavailable(message, cause, retryAfter)
  }
  const message = `The server of the dataref answered ${status}; the URL must give the document to whoever has it.`
  return refused(message, cause)
}

/** Encodings of a document as it is; some stores give back how it was once uploaded to them. */
const plainEncodings: ReadonlySet<string> = new Set(['identity', 'aws-chunked'])

/**
 * A document that would have to be decompressed first, although nobody asked for that.
 * @param encoding its `Content-Encoding`, if there is one
 */
export function encodingFailure(encoding: unknown): OcrError | undefined {
  if (!encoding || plainEncodings.has(String(encoding).trim().toLowerCase())) return undefined
  return refused('The document of the dataref must have no Content-Encoding, such as gzip.')
}

/** Anything that ended a fetch, as an OcrError. */
export function fetchFailure(cause: unknown): OcrError {
  if (cause instanceof OcrError) return cause
  return unavailable('The document of the dataref cannot be fetched now.', cause)
}
