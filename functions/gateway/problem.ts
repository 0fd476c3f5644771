import { errorTable, type OcrError } from '../contract/errors.ts'
import type { ErrorBody } from '../platform/http.ts'

/** An error as problem+json (RFC 9457) with its stable `code`. */
export function problemOf(error: OcrError, requestId?: string): ErrorBody {
  return {
    contentType: 'application/problem+json',
    body: {
      type: `urn:ocr:problem:${error.kind}`,
      title: errorTable[error.kind].title,
      status: error.status,
      detail: error.message,
      code: error.kind,
      requestId,
    },
  }
}
