import {
  getMultipartBoundary,
  MaxFileSizeExceededError,
  MaxTotalSizeExceededError,
  MultipartParseError,
  type MultipartPart,
  parseMultipartRequest,
} from '@remix-run/multipart-parser'
import { OcrError, tooLarge } from '../../contract/errors.ts'
import type { OcrRequest } from '../../contract/ocr-tensors.ts'
import { optionNames, parseOptions } from '../../contract/options.ts'

const fileField = 'image_file'
const maxParts = 20
/** RFC 2046, 5.1.1. */
const maxBoundaryLength = 70
const maxHeaderBytes = 4096
const maxFieldBytes = 4096
/** Room for what surrounds the file: boundaries, headers and option fields. */
const formBytes = 64 * 1024

/**
 * Reads an upload: `multipart/form-data` with the file in `image_file`, and options in other fields or
 * in the query. Neither the file's name nor its claimed type is used.
 * @throws OcrError `invalid_request`, `unsupported_media` or `payload_too_large`
 */
export async function readUpload(request: Request, maxFileBytes: number): Promise<OcrRequest> {
  const announced = Number(request.headers.get('content-length') ?? 0)
  if (announced > maxFileBytes + formBytes) throw tooLarge(maxFileBytes)
  const fields: Array<[string, string]> = [...new URL(request.url).searchParams]
  let image: Uint8Array | undefined
  for await (const part of partsOf(request, maxFileBytes)) {
    if (!image && nameOf(part) === fileField) image = part.bytes
    else fields.push(readField(part))
  }
  if (!image) throw invalid(`The form has no file in the field "${fileField}".`)
  return { image, options: parseOptions(Object.fromEntries(fields)) }
}

async function* partsOf(request: Request, maxFileBytes: number): AsyncGenerator<MultipartPart> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^multipart\/form-data\b/i.test(type)) {
    const message = `Send multipart/form-data with the image in the field "${fileField}".`
    throw new OcrError('unsupported_media', message)
  }
  // The parser's time grows with the boundary's length.
  if ((getMultipartBoundary(type)?.length ?? 0) > maxBoundaryLength) {
    throw invalid(`The boundary of the form has more than ${maxBoundaryLength} characters.`)
  }
  try {
    yield* parseMultipartRequest(request, {
      maxHeaderSize: maxHeaderBytes,
      maxFileSize: maxFileBytes,
      maxTotalSize: maxFileBytes + formBytes,
      maxParts,
    })
  } catch (error) {
    if (!(error instanceof MultipartParseError)) throw error
    // A form is complete by then; what follows, often a line break on its own, is to be ignored
    // (RFC 2046, 5.1.1).
    if (error.message !== 'Unexpected data after end of stream') {
      throw formError(error, maxFileBytes)
    }
  }
}

function formError(cause: MultipartParseError, maxFileBytes: number): OcrError {
  const isTooLarge =
    cause instanceof MaxFileSizeExceededError || cause instanceof MaxTotalSizeExceededError
  if (isTooLarge) return tooLarge(maxFileBytes)
  return invalid(`The multipart form is not valid: ${cause.message}.`)
}

function readField(part: MultipartPart): [string, string] {
  const name = nameOf(part)
  if (!optionNames.includes(name) || part.isFile || part.size > maxFieldBytes) {
    const options = optionNames.join(', ')
    throw invalid(`The form may hold one file in "${fileField}" and the options ${options}.`)
  }
  return [name, decoded(() => part.text)]
}

const nameOf = (part: MultipartPart): string => decoded(() => part.name ?? '')

/** The parser decodes when it is asked, and throws a TypeError at what is not UTF-8. */
function decoded(read: () => string): string {
  try {
    return read()
  } catch (cause) {
    throw new OcrError('invalid_request', 'The form must be encoded as UTF-8.', { cause })
  }
}

const invalid = (message: string): OcrError => new OcrError('invalid_request', message)
