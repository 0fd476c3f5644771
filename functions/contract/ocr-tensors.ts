import { OcrError } from './errors.ts'
import { documentSchema, type OcrDocument, type Timings, timingsSchema } from './ocr.ts'
import { type OcrOptions, parseOptions } from './options.ts'
import {
  type Datatype,
  type InferRequest,
  type InferResponse,
  type OutputTensor,
  parseInferResponse,
} from './v2.ts'
import { byteElementPrefix } from './v2-binary.ts'

/** One image and what is asked of it, before it is a tensor and after. */
export interface OcrRequest {
  readonly image: Uint8Array
  readonly options: OcrOptions
}

export interface OcrResult {
  readonly document: OcrDocument
  readonly timings: Timings
}

interface TensorMetadata {
  readonly name: string
  readonly datatype: Datatype
  readonly shape: readonly number[]
}

export const inputTensor: TensorMetadata = { name: 'image', datatype: 'BYTES', shape: [1] }

const encoders = {
  text: { datatype: 'BYTES', encode: (document: OcrDocument) => document.text },
  confidence: { datatype: 'FP32', encode: (document: OcrDocument) => document.confidence },
  document: { datatype: 'BYTES', encode: (document: OcrDocument) => JSON.stringify(document) },
} as const

type OutputName = keyof typeof encoders
const outputNames = Object.keys(encoders) as OutputName[]

export const outputTensors: readonly TensorMetadata[] = outputNames.map((name) => ({
  name,
  datatype: encoders[name].datatype,
  shape: [1],
}))

/** Parameters that inference clients send for other servers' features (Triton's among them). */
const reservedParameter =
  /^(?:binary_data_output|sequence_id|sequence_start|sequence_end|priority|timeout|triton_.*)$/

/**
 * The image and the options of an inference request.
 * @throws OcrError `invalid_request`
 */
export function decodeOcrRequest(request: InferRequest): OcrRequest {
  const { parameters } = request
  const options = Object.entries(parameters).filter(([name]) => !reservedParameter.test(name))
  return { image: imageOf(request), options: parseOptions(Object.fromEntries(options)) }
}

function imageOf({ inputs }: InferRequest): Uint8Array {
  const [tensor] = inputs
  if (inputs.length !== 1 || tensor?.name !== inputTensor.name || tensor.datatype !== 'BYTES') {
    fail(`The request must have one input: "${inputTensor.name}" of datatype BYTES.`)
  }
  const [element] = tensor.elements
  if (tensor.elements.length !== 1) fail(`"${inputTensor.name}" must hold exactly one image.`)
  if (element instanceof Uint8Array) return element
  if (typeof element === 'string') return decodeBase64(element)
  return fail(`"${inputTensor.name}" must hold base64 strings, or use the binary tensor extension.`)
}

/** Strict, unlike Buffer.from, which skips over whatever is not base64. */
function decodeBase64(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64')
  const digits = text.endsWith('==') ? text.length - 2 : text.length - (text.endsWith('=') ? 1 : 0)
  if (digits % 4 === 1 || bytes.length !== Math.floor((digits * 3) / 4)) {
    fail(`"${inputTensor.name}" is not valid base64.`)
  }
  return bytes
}

/**
 * Names of the outputs that a request wants, all of them when it does not say.
 * @throws OcrError `invalid_request` naming the outputs there are
 */
export function wantedOutputs({ outputs }: InferRequest): readonly OutputName[] {
  if (!outputs) return outputNames
  if (new Set(outputs).size < outputs.length) fail('An output is asked for twice.')
  return outputs.map(
    (wanted) =>
      outputNames.find((name) => name === wanted) ??
      fail(`Unknown output. The outputs are ${outputNames.join(', ')}.`),
  )
}

/** The answer to an inference request; each output has shape `[1]`. */
export function encodeOcrResult(
  result: OcrResult,
  answer: { modelName: string; id: string; outputs: readonly OutputName[] },
): InferResponse {
  return {
    model_name: answer.modelName,
    id: answer.id,
    parameters: { ...result.timings },
    outputs: answer.outputs.map((name) => encodeOutput(name, result.document)),
  }
}

function encodeOutput(name: OutputName, document: OcrDocument): OutputTensor {
  const { datatype, encode } = encoders[name]
  const tensor = { name, datatype, shape: [1], data: [encode(document)] }
  return datatype === 'BYTES' ? { ...tensor, parameters: { content_type: 'str' } } : tensor
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

function fail(message: string): never {
  throw new OcrError('invalid_request', message)
}
