import { invalid, named } from './errors.ts'

/** Tensor types of the Open Inference Protocol v2. */
export const datatypes = [
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

/** Bounds on what a request may list; one of ours has one input and a few outputs. */
export const maxInputs = 16
export const maxOutputs = 64
export const maxDimensions = 8
/** Characters of the id of a request, which the answer repeats. */
export const maxIdLength = 256

export type Parameters = Readonly<Record<string, string | number | boolean>>

export interface TensorHead {
  readonly name: string
  readonly datatype: Datatype
  readonly shape: readonly number[]
}

/** A tensor whose elements have been read, row-major; there are as many as the shape says. */
export interface InferTensor extends TensorHead {
  readonly parameters: Parameters
  /**
   * Of a tensor that came as raw bytes: a view of each BYTES element, or of the whole tensor if it is UINT8.
   * Otherwise the values as they came.
   */
  readonly elements: ArrayLike<unknown>
}

export interface RequestedOutput {
  readonly name: string
  readonly parameters: Parameters
}

/** An inference request, whichever transport and encoding it came by. */
export interface InferRequest {
  readonly id: string | undefined
  readonly parameters: Parameters
  readonly inputs: readonly InferTensor[]
  /** The wanted outputs; undefined asks for all of them. */
  readonly outputs: readonly RequestedOutput[] | undefined
}

/** An output; `data` is flat and row-major, because clients reshape it by `shape`. */
export type OutputTensor = {
  readonly name: string
  readonly shape: readonly number[]
  readonly parameters?: Parameters
} & (
  | { readonly datatype: 'BYTES'; readonly data: ReadonlyArray<string | Uint8Array> }
  | { readonly datatype: 'FP32' | 'INT32'; readonly data: readonly number[] }
)

/** The answer to an inference request, in the protocol's own names. */
export interface InferResponse {
  readonly model_name: string
  readonly model_version: string
  readonly id: string
  readonly parameters: Parameters
  readonly outputs: readonly OutputTensor[]
}

/** Whether the client wants this output as raw bytes; its own flag wins over the request's. */
export function wantsBinary(
  request: Pick<InferRequest, 'outputs' | 'parameters'>,
  name: string,
): boolean {
  const output = request.outputs?.find((candidate) => candidate.name === name)
  return (output?.parameters['binary_data'] ?? request.parameters['binary_data_output']) === true
}

/**
 * Elements that are as many as the tensor's shape says.
 * @throws OcrError `invalid_request`
 */
export function matchShape<T extends ArrayLike<unknown>>(tensor: TensorHead, elements: T): T {
  const expected = elementCount(tensor)
  if (elements.length === expected) return elements
  const [count, shape] = [elements.length, tensor.shape.join(', ')]
  return invalid(
    `Tensor${named(tensor.name)} has ${count} elements, but its shape [${shape}] needs ${expected}.`,
  )
}

/**
 * An encoded image is bytes, whichever of two datatypes they have.
 * @throws OcrError `invalid_request` for any other
 */
export function requireBytes({ name, datatype }: TensorHead): void {
  if (datatype === 'BYTES' || datatype === 'UINT8') return
  invalid(`Tensor${named(name)} has datatype ${datatype}, but must be BYTES or UINT8.`)
}

export const elementCount = ({ shape }: TensorHead): number =>
  shape.reduce((product, size) => product * size, 1)
