import { z } from 'zod'
import { invalid, OcrError } from './errors.ts'
import { imagesOf } from './image-elements.ts'
import { documentSchema, type OcrDocument, type Timings, timingsSchema } from './ocr.ts'
import { type OcrOptions, parseOptions } from './options.ts'
import { mostPages } from './page-ranges.ts'
import type { InferRequest, Parameters, TensorHead } from './v2.ts'
import { byteElementPrefix } from './v2-binary.ts'
import { type InferAnswer, parseInferResponse } from './v2-rest.ts'

/** One image and what is asked of it, before it is a tensor and after. */
export interface OcrRequest {
  readonly image: Uint8Array
  readonly options: OcrOptions
  /** Whether a searchable PDF is wanted as well. */
  readonly withPdf?: boolean
}

/** Images that are asked for together, with the same options. */
export interface OcrBatch {
  readonly images: readonly Uint8Array[]
  readonly options: OcrOptions
  readonly withPdf?: boolean
}

export interface OcrResult {
  readonly document: OcrDocument
  readonly timings: Timings
  /** Searchable; where it was wanted. */
  readonly pdf?: Uint8Array
}

/** As the metadata has it: -1 stands for any number of images. */
export const inputTensor: TensorHead = { name: 'image', datatype: 'BYTES', shape: [-1] }

/** Parameters that inference clients send for other servers' features (Triton's among them). */
const reservedParameter =
  /^(?:binary_data_output|content_type|sequence_id|sequence_start|sequence_end|priority|timeout|triton_.*)$/

/**
 * The options among the parameters of a request.
 * @throws OcrError `invalid_request`
 */
export function decodeOptions(parameters: Readonly<Record<string, unknown>>): OcrOptions {
  const options = Object.entries(parameters).filter(([name]) => !reservedParameter.test(name))
  return parseOptions(Object.fromEntries(options))
}

/**
 * The images and the options of an inference request.
 * @throws OcrError `invalid_request`
 */
export function decodeOcrBatch({ inputs, parameters }: InferRequest): OcrBatch {
  const [tensor] = inputs
  if (inputs.length !== 1 || tensor?.name !== inputTensor.name) {
    invalid(`The request must have one input, named "${inputTensor.name}".`)
  }
  return { images: imagesOf(tensor), options: decodeOptions(parameters) }
}

/** An inference request as it goes over the wire: JSON, then the image as a raw tensor. */
export interface EncodedRequest {
  readonly jsonLength: number
  readonly contentLength: number
  readonly parts: readonly Uint8Array[]
}

/** Bytes that follow the JSON, which saves escaping a document in JSON, and base64. */
const binary = { binary_data: true }

/**
 * Asks for the output `document`, since it holds the others, and for the PDF if that is wanted. The image is
 * not copied.
 */
export const encodeOcrRequest = (request: OcrRequest): EncodedRequest =>
  encodeRequest(request, [
    { name: 'document', parameters: binary },
    ...(request.withPdf ? [{ name: 'pdf', parameters: binary }] : []),
  ])

/** Asks how many pages the document has; none of them is read. */
export const encodePageCountRequest = (request: OcrRequest): EncodedRequest =>
  encodeRequest(request, [{ name: 'page_count' }])

function encodeRequest(
  { image, options }: OcrRequest,
  outputs: ReadonlyArray<{ name: string; parameters?: Parameters }>,
): EncodedRequest {
  const prefix = byteElementPrefix(image)
  const input = {
    ...inputTensor,
    shape: [1],
    parameters: { binary_data_size: prefix.length + image.length },
  }
  const json = Buffer.from(JSON.stringify({ parameters: options, inputs: [input], outputs }))
  const parts = [json, prefix, image]
  const contentLength = parts.reduce((sum, part) => sum + part.length, 0)
  return { jsonLength: json.length, contentLength, parts }
}

/**
 * The document, the timings and the PDF, if that is wanted, in a model's answer. The PDF is a view of the body.
 * @param headerLength value of the header {@link inferenceHeaderLength}; undefined when the body is JSON alone
 * @throws OcrError `bad_upstream` when the answer does not hold them
 */
export const decodeOcrResult = (
  body: Uint8Array,
  headerLength: string | undefined,
  { withPdf = false }: Pick<OcrRequest, 'withPdf'> = {},
): OcrResult =>
  decodeAnswer(body, headerLength, 'a readable document', ({ parameters, outputs }) => {
    const document = documentSchema.parse(JSON.parse(textOf(elementOf(outputs, 'document'))))
    const timings = timingsSchema.parse(parameters)
    if (!withPdf) return { document, timings }
    return { document, timings, pdf: pdfSchema.parse(elementOf(outputs, 'pdf')) }
  })

/**
 * The number of pages in a model's answer.
 * @param headerLength as of {@link decodeOcrResult}
 * @throws OcrError `bad_upstream` when the answer does not hold it
 */
export const decodePageCount = (body: Uint8Array, headerLength: string | undefined): number =>
  decodeAnswer(body, headerLength, 'a number of pages', ({ outputs }) =>
    pageCountSchema.parse(elementOf(outputs, 'page_count')),
  )

const pdfSchema = z.instanceof(Uint8Array).refine(({ length }) => length > 0)
const pageCountSchema = z.int().positive().max(mostPages)

/** @param wanted what the answer must hold, for the message */
function decodeAnswer<T>(
  body: Uint8Array,
  headerLength: string | undefined,
  wanted: string,
  decode: (answer: InferAnswer) => T,
): T {
  try {
    return decode(parseInferResponse(body, headerLength))
  } catch (cause) {
    throw new OcrError('bad_upstream', `The model answered without ${wanted}.`, { cause })
  }
}

/** The one element of an output, as the answer is to one image. */
const elementOf = (outputs: InferAnswer['outputs'], name: string): unknown =>
  outputs.find((output) => output.name === name)?.elements[0]

const textOf = (element: unknown): string =>
  element instanceof Uint8Array
    ? new TextDecoder('utf-8', { fatal: true }).decode(element)
    : String(element)
