import type { Problem } from '../contract/answers.ts'
import { errorTable, type OcrError } from '../contract/errors.ts'
import type { ErrorBody } from '../platform/http.ts'

/** An error as problem+json (RFC 9457) with its stable `code`. */
export const problemOf = (error: OcrError, requestId?: string): Problem => ({
  type: `urn:ocr:problem:${error.kind}`,
  title: errorTable[error.kind].title,
  status: error.status,
  detail: error.message,
  code: error.kind,
  ...(requestId !== undefined && { requestId }),
})

/** The same as the body of an answer. */
export const describeError = (error: OcrError, requestId?: string): ErrorBody => ({
  contentType: 'application/problem+json',
  body: problemOf(error, requestId),
  // RFC 9110, 15.5.2.
  ...(error.kind === 'unauthorized' && { headers: { 'WWW-Authenticate': 'Bearer' } }),
})
