import { z } from 'zod'
import { parseJson } from './json.ts'
import {
  type InferRequest,
  type InferResponse,
  type InferTensor,
  maxIdLength,
  maxInputs,
  maxOutputs,
  type OutputTensor,
  type Parameters,
  type TensorHead,
} from './v2.ts'
import { rawTensorParts } from './v2-binary.ts'
import {
  check,
  jsonLengthOf,
  orNothing,
  parametersSchema,
  readTensors,
  shortList,
  tensorSchema,
} from './v2-rest-tensors.ts'

/** Request and response header of the binary tensor extension: the byte length of the JSON part. */
export const inferenceHeaderLength = 'inference-header-content-length'

/** Request header, also of the V1 protocol: whole milliseconds that the caller still waits for the answer. */
export const timeoutHeader = 'ocr-timeout-ms'

const outputSchema = z.object({ name: z.string(), parameters: parametersSchema })

/** Unknown keys are dropped and not refused: clients send more than the protocol names. */
const inferRequestSchema = z.object({
  id: orNothing(z.string().max(maxIdLength, `must have at most ${maxIdLength} characters`)),
  parameters: parametersSchema,
  inputs: shortList(tensorSchema, maxInputs).refine((inputs) => inputs.length > 0, 'is empty'),
  outputs: orNothing(shortList(outputSchema, maxOutputs)),
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
  const inputs = readTensors(request.inputs, body.subarray(jsonLength))
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
    const parts = rawTensorParts(output)
    tensors.push(...parts)
    const size = parts.reduce((sum, part) => sum + part.length, 0)
    return { ...head, parameters: { ...head.parameters, binary_data_size: size } }
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

const inferResponseSchema = z.object({
  parameters: parametersSchema,
  outputs: shortList(tensorSchema, maxOutputs),
})

/** What we look at in an inference response. */
export interface InferAnswer {
  readonly parameters: Parameters
  readonly outputs: readonly InferTensor[]
}

/**
 * Reads an inference response of our own model, whose documents would pass the limits of {@link parseJson}.
 * @param headerLength value of `Inference-Header-Content-Length`; undefined when the body is JSON alone
 * @throws Error of some kind when it is not one
 */
export function parseInferResponse(
  body: Uint8Array,
  headerLength: string | undefined,
): InferAnswer {
  const jsonLength = jsonLengthOf(body, headerLength)
  const json: unknown = JSON.parse(new TextDecoder().decode(body.subarray(0, jsonLength)))
  const { parameters, outputs } = check(inferResponseSchema, json)
  return { parameters, outputs: readTensors(outputs, body.subarray(jsonLength)) }
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
