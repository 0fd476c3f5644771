import { z } from 'zod'
import { OcrError } from './errors.ts'
import { parseJson } from './json.ts'
import { readByteElements } from './v2-binary.ts'

/** Request and response header of the binary tensor extension: the byte length of the JSON part. */
export const inferenceHeaderLength = 'inference-header-content-length'

const datatypes = [
  'BOOL',
  'UINT8',
  'UINT16',
  'UINT32',
  'UINT64',
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'FP16',
  'FP32',
  'FP64',
  'BYTES',
] as const

export type Datatype = (typeof datatypes)[number]

const maxDimensions = 8
/** Elements of a BYTES tensor that came as raw bytes. */
const maxRawElements = 1024

const parametersSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
const dataSchema = z.array(z.unknown())

const tensorSchema = z.object({
  name: z.string(),
  datatype: z.enum(datatypes),
  shape: z.array(z.int().nonnegative()).max(maxDimensions),
  parameters: parametersSchema.default({}),
  data: dataSchema.optional(),
})

/** Unknown keys are dropped and not refused: clients send more than the protocol names. */
const inferRequestSchema = z.object({
  id: z.string().optional(),
  parameters: parametersSchema.default({}),
  inputs: z.array(tensorSchema).min(1),
  outputs: z
    .array(z.object({ name: z.string(), parameters: parametersSchema.default({}) }))
    .optional(),
})

const inferResponseSchema = z.object({
  model_name: z.string(),
  id: z.string().optional(),
  parameters: parametersSchema.default({}),
  outputs: z.array(tensorSchema.required({ data: true })),
})

type Parameters = z.infer<typeof parametersSchema>

/** A tensor whose elements have been read, row-major; there are as many as the shape says. */
export interface InferInput {
  readonly name: string
  readonly datatype: Datatype
  readonly shape: readonly number[]
  readonly parameters: Parameters
  /** Raw bytes for an element that came by the binary extension, otherwise the JSON value. */
  readonly elements: readonly unknown[]
}

export interface InferRequest {
  readonly id: string | undefined
  readonly parameters: Parameters
  readonly inputs: readonly InferInput[]
  /** Names of the wanted outputs; undefined asks for all of them. */
  readonly outputs: readonly string[] | undefined
}

export interface OutputTensor {
  readonly name: string
  readonly datatype: Datatype
  readonly shape: readonly number[]
  readonly parameters?: Parameters
  readonly data: readonly unknown[]
}

export interface InferResponse {
  readonly model_name: string
  readonly id: string
  readonly parameters?: Parameters
  readonly outputs: readonly OutputTensor[]
}

/**
 * Reads an inference request (Open Inference Protocol v2, "Inference Request JSON Object") with the
 * tensors of the binary tensor extension that follow the JSON.
 * @param body the whole request body
 * @param headerLength value of `Inference-Header-Content-Length`; undefined when the body is JSON alone
 * @throws OcrError `invalid_request` that says which part does not fit
 */
export function parseInferRequest(body: Uint8Array, headerLength?: string): InferRequest {
  const jsonLength = jsonLengthOf(body, headerLength)
  const request = check(inferRequestSchema, parseJson(body.subarray(0, jsonLength)))
  let rest = body.subarray(jsonLength)
  const inputs = request.inputs.map(({ data, ...tensor }) => {
    const size = tensor.parameters['binary_data_size']
    if (size === undefined) return { ...tensor, elements: flatElements(tensor, data) }
    const raw = takeRaw(rest, size, tensor.name)
    rest = rest.subarray(raw.length)
    return { ...tensor, elements: rawElements(tensor, data, raw) }
  })
  if (rest.length > 0) fail(`${rest.length} bytes follow the last binary tensor.`)
  return {
    id: request.id,
    parameters: request.parameters,
    inputs,
    outputs: request.outputs?.map((output) => output.name),
  }
}

/**
 * Reads an inference response whose outputs are JSON.
 * @throws OcrError `invalid_request` when it is not one
 */
export function parseInferResponse(json: unknown): z.infer<typeof inferResponseSchema> {
  return check(inferResponseSchema, json)
}

function jsonLengthOf(body: Uint8Array, headerLength: string | undefined): number {
  if (headerLength === undefined) return body.length
  const length = /^\d{1,10}$/.test(headerLength) ? Number(headerLength) : -1
  if (length < 0 || length > body.length) {
    fail(`Inference-Header-Content-Length must be between 0 and the body's ${body.length} bytes.`)
  }
  return length
}

function check<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  return fail(`${issue?.path.join('.') || 'The body'}: ${issue?.message ?? 'not valid'}.`)
}

function takeRaw(rest: Uint8Array, size: unknown, name: string): Uint8Array {
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 0 || size > rest.length) {
    fail(
      `Tensor "${name}": binary_data_size must be between 0 and the ${rest.length} bytes that remain.`,
    )
  }
  return rest.subarray(0, size)
}

type TensorHead = Pick<InferInput, 'name' | 'datatype' | 'shape'>

function rawElements(tensor: TensorHead, data: unknown, raw: Uint8Array): Uint8Array[] {
  if (data !== undefined) fail(`Tensor "${tensor.name}" has both data and binary_data_size.`)
  if (tensor.datatype !== 'BYTES') fail(`Tensor "${tensor.name}" must have datatype BYTES.`)
  const limit = Math.min(elementCount(tensor), maxRawElements)
  return matchShape(tensor, readByteElements(raw, limit))
}

function flatElements(tensor: TensorHead, data: unknown[] | undefined): unknown[] {
  if (data === undefined) fail(`Tensor "${tensor.name}" has neither data nor binary_data_size.`)
  return matchShape(tensor, data.flat(tensor.shape.length))
}

const elementCount = ({ shape }: TensorHead): number =>
  shape.reduce((product, size) => product * size, 1)

function matchShape<T>(tensor: TensorHead, elements: T[]): T[] {
  const expected = elementCount(tensor)
  if (elements.length === expected) return elements
  return fail(
    `Tensor "${tensor.name}" has ${elements.length} elements, but its shape [${tensor.shape}] needs ${expected}.`,
  )
}

function fail(message: string): never {
  throw new OcrError('invalid_request', message)
}
