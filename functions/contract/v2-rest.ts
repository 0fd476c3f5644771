import { z } from 'zod'
import { parseJson } from './json.ts'
import {
  datatypes,
  type InferInput,
  type InferRequest,
  type InferResponse,
  invalid,
  matchShape,
  maxDimensions,
  maxInputs,
  maxOutputs,
  type OutputTensor,
  type TensorHead,
} from './v2.ts'
import { readRawTensor, writeRawTensor } from './v2-binary.ts'

/** Request and response header of the binary tensor extension: the byte length of the JSON part. */
export const inferenceHeaderLength = 'inference-header-content-length'

/** Data can be a million values, which a schema would take long to visit one by one. */
const dataSchema = z.custom<unknown[]>(Array.isArray, 'must be a list')

/** A list whose length is checked before its items are. */
const shortList = <T>(item: z.ZodType<T>, max: number) =>
  z
    .custom<unknown[]>(
      (value) => Array.isArray(value) && value.length <= max,
      `must be a list of at most ${max}`,
    )
    .pipe(z.array(item))

/** Clients that write out everything write null for what they do not say. */
const orNothing = <T>(schema: z.ZodType<T>) =>
  schema.nullish().transform((value) => value ?? undefined)

const parameterSchema = z.union([z.string(), z.number(), z.boolean()])
const parametersSchema = orNothing(z.record(z.string(), parameterSchema)).transform(
  (parameters) => parameters ?? {},
)

const tensorSchema = z.object({
  name: z.string(),
  datatype: z.enum(datatypes),
  shape: shortList(z.int().nonnegative(), maxDimensions),
  parameters: parametersSchema,
  data: orNothing(dataSchema),
})

const outputSchema = z.object({ name: z.string(), parameters: parametersSchema })

/** Unknown keys are dropped and not refused: clients send more than the protocol names. */
const inferRequestSchema = z.object({
  id: orNothing(z.string()),
  parameters: parametersSchema,
  inputs: shortList(tensorSchema, maxInputs).refine((inputs) => inputs.length > 0, 'is empty'),
  outputs: orNothing(shortList(outputSchema, maxOutputs)),
})

const inferResponseSchema = z.object({
  parameters: parametersSchema,
  outputs: z.array(z.object({ name: z.string(), data: dataSchema })),
})

/**
 * Reads an inference request (Open Inference Protocol v2, "Inference Request JSON Object") with the
 * tensors of the binary tensor extension that follow the JSON.
 * @param body the whole request body
 * @param headerLength value of `Inference-Header-Content-Length`; undefined when the body is JSON alone
 * @param rawInput the input that the body is when there is no JSON at all (a length of 0)
 * @throws OcrError `invalid_request` that says which part does not fit
 */
export function parseInferRequest(
  body: Uint8Array,
  headerLength: string | undefined,
  rawInput: TensorHead,
): InferRequest {
  const jsonLength = jsonLengthOf(body, headerLength)
  if (jsonLength === 0 && headerLength !== undefined) return rawRequest(body, rawInput)
  const request = check(inferRequestSchema, parseJson(body.subarray(0, jsonLength)))
  let rest = body.subarray(jsonLength)
  const inputs = request.inputs.map(({ data, ...tensor }): InferInput => {
    const size = tensor.parameters['binary_data_size']
    if (size === undefined) return { ...tensor, elements: listedElements(tensor, data) }
    if (data) invalid(`Tensor "${tensor.name}" has both data and binary_data_size.`)
    const raw = takeRaw(rest, size, tensor.name)
    rest = rest.subarray(raw.length)
    return { ...tensor, elements: readRawTensor(tensor, raw) }
  })
  if (rest.length > 0) invalid(`${rest.length} bytes follow the last binary tensor.`)
  return { id: request.id, parameters: request.parameters, inputs, outputs: request.outputs }
}

/** Binary tensor data extension, "Raw Binary Request": the answer is binary as well. */
const rawRequest = (body: Uint8Array, input: TensorHead): InferRequest => ({
  id: undefined,
  parameters: { binary_data_output: true },
  inputs: [{ ...input, shape: [1], parameters: {}, elements: [body] }],
  outputs: undefined,
})

/** An inference response as it goes over the wire. */
export interface EncodedResponse {
  /** Length of the JSON when tensors follow it. */
  readonly headerLength: number | undefined
  readonly body: Uint8Array<ArrayBuffer>
}

/** Writes an inference response; the outputs that `isBinary` picks follow the JSON as raw tensors. */
export function encodeInferResponse(
  response: InferResponse,
  isBinary: (output: string) => boolean,
): EncodedResponse {
  const tensors: Uint8Array[] = []
  const outputs = response.outputs.map((output) => {
    if (!isBinary(output.name)) return asJson(output)
    const { data: _, ...head } = output
    const raw = writeRawTensor(output)
    tensors.push(raw)
    return { ...head, parameters: { ...head.parameters, binary_data_size: raw.length } }
  })
  const json = Buffer.from(JSON.stringify({ ...response, outputs }))
  if (tensors.length === 0) return { headerLength: undefined, body: json }
  return { headerLength: json.length, body: Buffer.concat([json, ...tensors]) }
}

/** Bytes that are no text have no other form in JSON than base64. */
function asJson(output: OutputTensor): OutputTensor {
  if (output.datatype !== 'BYTES' || output.data.every((element) => typeof element === 'string')) {
    return output
  }
  const data = output.data.map((element) => Buffer.from(element).toString('base64'))
  return { ...output, data, parameters: { ...output.parameters, content_type: 'base64' } }
}

const repositoryRequestSchema = z.object({
  ready: z.boolean().default(false),
  parameters: z.record(z.string(), z.unknown()).default({}),
})

/**
 * Reads a request to the model repository extension, which may be empty.
 * @throws OcrError `invalid_request`
 */
export const parseRepositoryRequest = (body: Uint8Array): z.infer<typeof repositoryRequestSchema> =>
  check(repositoryRequestSchema, body.length === 0 ? {} : parseJson(body))

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
    invalid(
      `Inference-Header-Content-Length must be between 0 and the body's ${body.length} bytes.`,
    )
  }
  return length
}

function check<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  return invalid(`${issue?.path.join('.') || 'The body'}: ${issue?.message ?? 'not valid'}.`)
}

function takeRaw(rest: Uint8Array, size: unknown, name: string): Uint8Array {
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 0 || size > rest.length) {
    invalid(
      `Tensor "${name}": binary_data_size must be between 0 and the ${rest.length} bytes that remain.`,
    )
  }
  return rest.subarray(0, size)
}

function listedElements(tensor: TensorHead, data: unknown[] | undefined): unknown[] {
  if (!data) invalid(`Tensor "${tensor.name}" has neither data nor binary_data_size.`)
  const isNested = data.some((value) => Array.isArray(value))
  return matchShape(tensor, isNested ? data.flat(tensor.shape.length) : data)
}
