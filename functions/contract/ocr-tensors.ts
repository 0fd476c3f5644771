import { OcrError } from './errors.ts'
import { altoOf } from './formats/alto.ts'
import { hocrOf } from './formats/hocr.ts'
import { tsvOf } from './formats/tsv.ts'
import { imagesOf } from './image-elements.ts'
import { documentSchema, type OcrDocument, type Timings, timingsSchema } from './ocr.ts'
import { type OcrOptions, parseOptions } from './options.ts'
import {
  type InferRequest,
  type InferResponse,
  invalid,
  type Parameters,
  type TensorHead,
} from './v2.ts'
import { byteElementPrefix } from './v2-binary.ts'
import { parseInferResponse } from './v2-rest.ts'

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

const text = (encode: (result: OcrResult) => string) => (results: readonly OcrResult[]) =>
  ({
    datatype: 'BYTES',
    data: results.map(encode),
    // Tells the codecs of other servers' clients that the bytes are text.
    parameters: { content_type: 'str' },
  }) as const

/** Every output of the model: what it is for people, and how results become a tensor. */
const outputs = {
  text: {
    meaning: 'plain text, a form feed between pages',
    encode: text(({ document }) => document.text),
  },
  confidence: {
    meaning: 'mean confidence of the words, 0 to 1',
    encode: (results: readonly OcrResult[]) =>
      ({ datatype: 'FP32', data: results.map(({ document }) => document.confidence) }) as const,
  },
  document: {
    meaning: 'all of it as JSON: pages, blocks, paragraphs, lines and words with their boxes',
    encode: text(({ document }) => JSON.stringify(document)),
  },
  hocr: { meaning: 'hOCR 1.2', encode: text(({ document }) => hocrOf(document)) },
  tsv: {
    meaning: "the columns of tesseract's TSV",
    encode: text(({ document }) => tsvOf(document)),
  },
  alto: { meaning: 'ALTO 4', encode: text(({ document }) => altoOf(document)) },
  pdf: {
    meaning: 'searchable PDF: pictures of the pages with invisible text',
    encode: (results: readonly OcrResult[]) =>
      ({ datatype: 'BYTES', data: results.map(({ pdf }) => pdf ?? '') }) as const,
  },
} as const

type OutputName = keyof typeof outputs
const outputNames = Object.keys(outputs) as OutputName[]

/** For the documentation. */
export const outputMeanings: ReadonlyMap<string, string> = new Map(
  outputNames.map((name) => [name, outputs[name].meaning]),
)

export const outputTensors: readonly TensorHead[] = outputNames.map((name) => ({
  name,
  datatype: outputs[name].encode([]).datatype,
  shape: [-1],
}))

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

/** A PDF takes time to make, and KServe's client fails on bytes that are no text. */
const defaultOutputs = outputNames.filter((name) => name !== 'pdf')

/**
 * Names of the outputs that a request wants; all but the PDF when it does not say.
 * @throws OcrError `invalid_request` naming the outputs there are
 */
export function wantedOutputs({ outputs }: InferRequest): readonly OutputName[] {
  if (!outputs || outputs.length === 0) return defaultOutputs
  if (new Set(outputs.map(({ name }) => name)).size < outputs.length) {
    invalid('An output is asked for twice.')
  }
  return outputs.map(
    (wanted) =>
      outputNames.find((name) => name === wanted.name) ??
      invalid(`Unknown output. The outputs are ${outputNames.join(', ')}.`),
  )
}

/** The answer to an inference request; each output has shape `[N]`, N being the number of images. */
export function encodeOcrResults(
  results: readonly OcrResult[],
  answer: { modelName: string; modelVersion: string; id: string; outputs: readonly OutputName[] },
): InferResponse {
  return {
    model_name: answer.modelName,
    model_version: answer.modelVersion,
    id: answer.id,
    // Some outputs cannot say that a page is missing.
    parameters: {
      complete: results.every(({ document }) => document.complete),
      ...totalTimings(results),
    },
    outputs: answer.outputs.map((name) => ({
      name,
      shape: [results.length],
      ...outputs[name].encode(results),
    })),
  }
}

/** The time of all images of a batch together, although they were read side by side. */
function totalTimings(results: readonly OcrResult[]): Parameters {
  const total = (name: keyof Timings) => {
    const sum = results.reduce((ms, { timings }) => ms + timings[name], 0)
    return Math.round(sum * 10) / 10
  }
  const names = Object.keys(timingsSchema.shape) as Array<keyof Timings>
  return Object.fromEntries(names.map((name) => [name, total(name)]))
}

/** An inference request as it goes over the wire: JSON, then the image as a raw tensor. */
export interface EncodedRequest {
  readonly jsonLength: number
  readonly contentLength: number
  readonly parts: readonly Uint8Array[]
}

/** Asks for the `document` output alone, since it holds the others. The image is not copied. */
export function encodeOcrRequest({ image, options }: OcrRequest): EncodedRequest {
  const prefix = byteElementPrefix(image)
  const input = {
    ...inputTensor,
    shape: [1],
    parameters: { binary_data_size: prefix.length + image.length },
  }
  const json = Buffer.from(
    JSON.stringify({ parameters: options, inputs: [input], outputs: [{ name: 'document' }] }),
  )
  const parts = [json, prefix, image]
  const contentLength = parts.reduce((sum, part) => sum + part.length, 0)
  return { jsonLength: json.length, contentLength, parts }
}

/**
 * The document and the timings in a model's answer.
 * @throws OcrError `bad_upstream` when the answer does not hold them
 */
export function decodeOcrResult(response: unknown): OcrResult {
  try {
    const { outputs, parameters } = parseInferResponse(response)
    const json = outputs.find((output) => output.name === 'document')?.data[0]
    const document = documentSchema.parse(JSON.parse(String(json)))
    return { document, timings: timingsSchema.parse(parameters) }
  } catch (cause) {
    throw new OcrError('bad_upstream', 'The model answered without a readable document.', { cause })
  }
}
