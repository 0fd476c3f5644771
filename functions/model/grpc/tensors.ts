import type { MessageInitShape } from '@bufbuild/protobuf'
import { invalid, named } from '../../contract/errors.ts'
import {
  datatypes,
  type InferRequest,
  type InferResponse,
  type InferTensor,
  matchShape,
  maxDimensions,
  maxIdLength,
  maxInputs,
  maxOutputs,
  type OutputTensor,
  type Parameters,
  requireBytes,
  type TensorHead,
} from '../../contract/v2.ts'
import { readRawTensor, writeRawTensor } from '../../contract/v2-binary.ts'
import type {
  InferParameter,
  InferParameterSchema,
  InferTensorContents,
  InferTensorContentsSchema,
  ModelInferRequest,
  ModelInferRequest_InferInputTensor,
  ModelInferResponseSchema,
} from './generated/inference_pb.ts'

/**
 * Reads a ModelInferRequest, whose tensors are either all in `raw_input_contents` or all typed.
 * @throws OcrError `invalid_request`
 */
export function readInferRequest(message: ModelInferRequest): InferRequest {
  const { id, inputs, outputs, rawInputContents: raw } = message
  if (id.length > maxIdLength) invalid(`The id has more than ${maxIdLength} characters.`)
  if (inputs.length > maxInputs || outputs.length > maxOutputs) {
    invalid(`A request has at most ${maxInputs} inputs and ${maxOutputs} outputs.`)
  }
  if (raw.length > 0 && raw.length !== inputs.length) {
    invalid(`raw_input_contents has ${raw.length} tensors for ${inputs.length} inputs.`)
  }
  return {
    id: id || undefined,
    parameters: readParameters(message.parameters),
    inputs: inputs.map((input, index) => readInput(input, raw[index])),
    outputs: outputs.length === 0 ? undefined : outputs.map(readOutput),
  }
}

function readInput(
  { name, datatype: type, shape, parameters, contents }: ModelInferRequest_InferInputTensor,
  raw: Uint8Array | undefined,
): InferTensor {
  const datatype = datatypes.find((candidate) => candidate === type)
  if (!datatype) invalid(`Tensor${named(name)} has an unknown datatype.`)
  if (shape.length > maxDimensions) invalid(`Tensor${named(name)} has too many dimensions.`)
  const head = { name, datatype, shape: shape.map((size) => readSize(size, name)) }
  if (raw && contents) invalid(`Tensor${named(name)} has both contents and raw_input_contents.`)
  const elements = raw ? readRawTensor(head, raw) : typedElements(head, contents)
  return { ...head, parameters: readParameters(parameters), elements }
}

function readSize(size: bigint, name: string): number {
  const isSound = size >= 0n && size <= Number.MAX_SAFE_INTEGER
  return isSound ? Number(size) : invalid(`Tensor${named(name)} has a dimension of ${size}.`)
}

function typedElements(tensor: TensorHead, contents: InferTensorContents | undefined) {
  requireBytes(tensor)
  const isBytes = tensor.datatype === 'BYTES'
  return matchShape<ArrayLike<unknown>>(
    tensor,
    (isBytes ? contents?.bytesContents : contents?.uintContents) ?? [],
  )
}

const readOutput = ({ name, parameters }: ModelInferRequest['outputs'][number]) => ({
  name,
  parameters: readParameters(parameters),
})

function readParameters(parameters: Readonly<Record<string, InferParameter>>): Parameters {
  const entries = Object.entries(parameters).map(([name, { parameterChoice }]) => {
    const { value } = parameterChoice
    if (value === undefined) invalid(`The parameter${named(name)} has no value.`)
    return [name, typeof value === 'bigint' ? Number(value) : value] as const
  })
  return Object.fromEntries(entries)
}

/** Writes an answer in the form in which the client has asked: clients read only their own. */
export function writeInferResponse(
  response: InferResponse,
  isRaw: boolean,
): MessageInitShape<typeof ModelInferResponseSchema> {
  const { outputs } = response
  return {
    modelName: response.model_name,
    modelVersion: response.model_version,
    id: response.id,
    parameters: writeParameters(response.parameters),
    outputs: outputs.map((output) => ({
      name: output.name,
      datatype: output.datatype,
      shape: output.shape.map(BigInt),
      parameters: writeParameters(output.parameters ?? {}),
      ...(!isRaw && { contents: typedContents(output) }),
    })),
    rawOutputContents: isRaw ? outputs.map(writeRawTensor) : [],
  }
}

function typedContents({
  datatype,
  data,
}: OutputTensor): MessageInitShape<typeof InferTensorContentsSchema> {
  if (datatype === 'BYTES') return { bytesContents: data.map((value) => Buffer.from(value)) }
  return datatype === 'INT32' ? { intContents: [...data] } : { fp32Contents: [...data] }
}

const writeParameters = (parameters: Parameters) =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, writeParameter(value)]),
  )

function writeParameter(
  value: string | number | boolean,
): MessageInitShape<typeof InferParameterSchema> {
  if (typeof value === 'string') return { parameterChoice: { case: 'stringParam', value } }
  if (typeof value === 'boolean') return { parameterChoice: { case: 'boolParam', value } }
  return { parameterChoice: { case: 'doubleParam', value } }
}
