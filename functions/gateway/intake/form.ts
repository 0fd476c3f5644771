import {
  getMultipartBoundary,
  MaxFileSizeExceededError,
  MaxTotalSizeExceededError,
  MultipartParseError,
  type MultipartPart,
  parseMultipartRequest,
} from '@remix-run/multipart-parser'
import { invalid, named, OcrError, tooLarge } from '../../contract/errors.ts'
import { type Hold, holdBody } from '../../platform/receiving.ts'
import { valuesOf } from './values.ts'

const maxParts = 20
/** RFC 2046, 5.1.1. */
const maxBoundaryLength = 70
const maxHeaderBytes = 4096
const maxFieldBytes = 4096
/** Room for what surrounds the file: boundaries, headers and option fields. */
const formBytes = 64 * 1024

/** A file that came in, and by their names the values that came with it; nothing of it is checked yet. */
export interface Submission {
  readonly file: Uint8Array
  readonly values: Readonly<Record<string, unknown>>
}

export interface FormRules {
  /** Name of the field that holds the file. */
  readonly fileField: string
  /** Names of the other fields that there may be. */
  readonly optionNames: readonly string[]
  readonly maxFileBytes: number
}

/**
 * Reads a form, `multipart/form-data`. Neither the file's name nor its claimed type is used.
 * @throws OcrError `invalid_request`, `payload_too_large`; `unsupported_media` when it is compressed
 */
export async function readForm(
  request: Request,
  rules: FormRules,
  memory: Hold,
): Promise<Submission> {
  const { fileField, maxFileBytes } = rules
  if (request.headers.has('content-encoding')) {
    throw new OcrError('unsupported_media', 'A form must come without Content-Encoding.')
  }
  const announced = Number(request.headers.get('content-length') ?? 0)
  if (announced > maxFileBytes + formBytes) throw tooLarge(maxFileBytes)
  const values: Array<[string, string]> = []
  let file: Uint8Array | undefined
  for await (const part of partsOf(holdBody(request, memory), maxFileBytes)) {
    if (!file && nameOf(part) === fileField) file = part.bytes
    else values.push(readField(part, rules))
  }
  if (!file) invalid(`The form has no file in the field "${fileField}".`)
  return { file, values: valuesOf(values) }
}

async function* partsOf(request: Request, maxFileBytes: number): AsyncGenerator<MultipartPart> {
  const type = request.headers.get('content-type') ?? ''
  // The parser's time grows with the boundary's length.
  if ((getMultipartBoundary(type)?.length ?? 0) > maxBoundaryLength) {
    invalid(`The boundary of the form has more than ${maxBoundaryLength} characters.`)
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
      failForm(error, maxFileBytes)
    }
  }
}

function failForm(cause: MultipartParseError, maxFileBytes: number): never {
  const isTooLarge =
    cause instanceof MaxFileSizeExceededError || cause instanceof MaxTotalSizeExceededError
  if (isTooLarge) throw tooLarge(maxFileBytes)
  return invalid(`The multipart form is not valid: ${cause.message}.`)
}

function readField(part: MultipartPart, { fileField, optionNames }: FormRules): [string, string] {
  const name = nameOf(part)
  if (!optionNames.includes(name) || part.isFile || part.size > maxFieldBytes) {
    const allowed = `one file in "${fileField}" and the options ${optionNames.join(', ')}`
    invalid(`The field${named(name)} is not one of these: ${allowed}.`)
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
