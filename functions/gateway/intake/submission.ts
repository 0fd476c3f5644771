import { fileInJson, maxJsonBytes } from '../../contract/base64.ts'
import { invalid, OcrError } from '../../contract/errors.ts'
import { fileTypeNames, fileTypes } from '../../contract/file-types.ts'
import { parseJson } from '../../contract/json.ts'
import { mediaTypeOf, readBody } from '../../platform/body.ts'
import type { Hold } from '../../platform/receiving.ts'
import { type FormRules, readForm, type Submission } from './form.ts'

/** How a file may come, by media type; whether it is one that is read is told from its bytes. */
const readers: ReadonlyArray<{
  mediaType: RegExp
  /** Whether options may come with it. */
  holdsValues: boolean
  read: ReadSubmission
}> = [
  { mediaType: /^multipart\/form-data$/, holdsValues: true, read: readForm },
  { mediaType: /^application\/json$/, holdsValues: true, read: readJson },
  // A form of fields without files is what curl says when it is not told what it sends.
  {
    mediaType: /^(?:image\/.+|application\/(?:pdf|octet-stream|x-www-form-urlencoded)|)$/,
    holdsValues: false,
    read: readRaw,
  },
]

/**
 * @param memory is told how many bytes are held
 * @throws OcrError `unsupported_media`, `payload_too_large`, `invalid_request`; `overloaded` by the memory
 */
export type ReadSubmission = (
  request: Request,
  rules: FormRules,
  memory: Hold,
) => Promise<Submission>

/** Reads a file in whatever way it comes: in a form, in JSON as base64, or as the body itself. */
export const readSubmission: ReadSubmission = async (request, rules, memory) => {
  const reader = readerOf(request)
  if (reader) return await reader.read(request, rules, memory)
  const types = fileTypeNames.map((name) => fileTypes[name].mediaType).join(', ')
  const message = `Send multipart/form-data with the file in the field "${rules.fileField}", application/json with it as base64 in "file", or the file itself as ${types}.`
  throw new OcrError('unsupported_media', message)
}

/** Reads a form and nothing else. */
export const readFormOnly: ReadSubmission = async (request, rules, memory) => {
  if (readerOf(request)?.read === readForm) return await readForm(request, rules, memory)
  const message = `Send multipart/form-data with the file in the field "${rules.fileField}".`
  throw new OcrError('unsupported_media', message)
}

/** Whether the body may hold options beside the file. */
export const mayHoldValues = (request: Request): boolean => readerOf(request)?.holdsValues ?? false

function readerOf({ headers }: Request) {
  const mediaType = mediaTypeOf(headers.get('content-type'))
  return readers.find((reader) => reader.mediaType.test(mediaType))
}

async function readRaw(request: Request, { maxFileBytes }: FormRules, memory: Hold) {
  return { file: await readBody(request, maxFileBytes, memory), values: {} }
}

/** As FileReader of a browser gives it; a file is base64 with it or without. */
const dataUrl = /^data:[^,]{0,100};base64,/

async function readJson(request: Request, { maxFileBytes }: FormRules, memory: Hold) {
  const body = parseJson(await readBody(request, maxJsonBytes(maxFileBytes), memory))
  if (typeof body !== 'object' || body === null || !('file' in body)) {
    return invalid('The JSON must be an object with the file as base64 in "file".')
  }
  const { file, ...values } = body
  const base64 = typeof file === 'string' ? file.replace(dataUrl, '') : file
  return { file: fileInJson(base64, maxFileBytes), values }
}
