import type { Shape } from './answer-shapes.ts'
import { OcrApiError } from './api-error.ts'
import { readBounded } from './bounded-body.ts'
import { parseJson, requireShape } from './parse-json.ts'

/** Twice what a gateway takes from its model; as a text it still fits into one string everywhere. */
const maxAnswerBytes = 256 * 2 ** 20
const pdfSignature = '%PDF-'

/** @throws OcrApiError `unexpected_answer` for one that is too long */
export async function textOf(response: Response, maxBytes?: number): Promise<string> {
  return new TextDecoder().decode(await bytesOf(response, maxBytes))
}

/**
 * @param name of what has the shape, for people
 * @throws OcrApiError `unexpected_answer` for one that is too long, no JSON or something else
 */
export async function jsonOf<T>(response: Response, shape: Shape, name: string): Promise<T> {
  const value = parseJson(await textOf(response))
  return requireShape(value, shape, `The answer is no ${name}; is the URL right?`)
}

/** @throws OcrApiError `unexpected_answer` for one that is too long or no PDF */
export async function pdfOf(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await bytesOf(response)
  const signature = String.fromCharCode(...bytes.subarray(0, pdfSignature.length))
  if (signature === pdfSignature) return bytes
  throw new OcrApiError('unexpected_answer', 'The answer is no PDF; is the URL right?')
}

async function bytesOf(
  response: Response,
  maxBytes = maxAnswerBytes,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readBounded(response, maxBytes)
  if (bytes) return bytes
  throw new OcrApiError(
    'unexpected_answer',
    `The answer is longer than ${maxBytes} bytes; is the URL right?`,
  )
}
