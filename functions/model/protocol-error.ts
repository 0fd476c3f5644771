import type { OcrError } from '../contract/errors.ts'
import type { ErrorBody } from '../platform/http.ts'

/**
 * An error as the inference protocols have it over HTTP. kserve's client reads the message only from exactly
 * this content type.
 */
export const describeError = ({ message }: OcrError): ErrorBody => ({
  contentType: 'application/json',
  body: { error: message },
})
