import { z } from 'zod'
import { invalid, isPlainName, named } from './errors.ts'
import { datatypes, type InferTensor, matchShape, maxDimensions, type TensorHead } from './v2.ts'
import { readRawTensor } from './v2-binary.ts'

/** Data can be a million values, which a schema would take long to visit one by one. */
const dataSchema = z.custom<unknown[]>(Array.isArray, 'must be a list')

/** A list whose length is checked before its items are. */
export const shortList = <T>(item: z.ZodType<T>, max: number) =>
  z
    .custom<unknown[]>(
      (value) => Array.isArray(value) && value.length <= max,
      `must be a list of at most ${max}`,
    )
    .pipe(z.array(item))

/** Clients that write out everything write null for what they do not say. */
export const orNothing = <T>(schema: z.ZodType<T>) =>
  schema.nullish().transform((value) => value ?? undefined)

const parameterSchema = z.union([z.string(), z.number(), z.boolean()])
export const parametersSchema = orNothing(z.record(z.string(), parameterSchema)).transform(
  (parameters) => parameters ?? {},
)

/** A tensor in the JSON of a request or of a response; its data, or their length in bytes behind the JSON. */
export const tensorSchema = z.object({
  name: z.string(),
  datatype: z.enum(datatypes),
  shape: shortList(z.int().nonnegative(), maxDimensions),
  parameters: parametersSchema,
  data: orNothing(dataSchema),
})

/**
 * The elements of tensors, wherever they are.
 * @param rest what follows the JSON: the binary tensors in the order of those that say that they are
 * @throws OcrError `invalid_request` when it is not that
 */
export function readTensors(
  tensors: ReadonlyArray<z.infer<typeof tensorSchema>>,
  rest: Uint8Array,
): InferTensor[] {
  let offset = 0
  const read = tensors.map(({ data, ...tensor }): InferTensor => {
    const size = tensor.parameters['binary_data_size']
    if (size === undefined) return { ...tensor, elements: listedElements(tensor, data) }
    if (data) invalid(`Tensor${named(tensor.name)} has both data and binary_data_size.`)
    const raw = takeRaw(rest.subarray(offset), size, tensor.name)
    offset += raw.length
    return { ...tensor, elements: readRawTensor(tensor, raw) }
  })
  if (offset < rest.length) invalid(`${rest.length - offset} bytes follow the last binary tensor.`)
  return read
}

/**
 * Where the JSON of a body ends.
 * @param headerLength value of `Inference-Header-Content-Length`
 * @throws OcrError `invalid_request`
 */
export function jsonLengthOf(body: Uint8Array, headerLength: string | undefined): number {
  if (headerLength === undefined) return body.length
  const length = /^\d{1,10}$/.test(headerLength) ? Number(headerLength) : -1
  if (length < 0 || length > body.length) {
    invalid(
      `Inference-Header-Content-Length must be between 0 and the body's ${body.length} bytes.`,
    )
  }
  return length
}

/** @throws OcrError `invalid_request` that names the place of the first problem */
export function check<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const place = issue?.path.map(String).filter(isPlainName).join('.')
  return invalid(`${place || 'The body'}: ${issue?.message ?? 'not valid'}.`)
}

function takeRaw(rest: Uint8Array, size: unknown, name: string): Uint8Array {
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 0 || size > rest.length) {
    invalid(
      `Tensor${named(name)}: binary_data_size must be between 0 and the ${rest.length} bytes that remain.`,
    )
  }
  return rest.subarray(0, size)
}

function listedElements(tensor: TensorHead, data: unknown[] | undefined): unknown[] {
  if (!data) invalid(`Tensor${named(tensor.name)} has neither data nor binary_data_size.`)
  const isNested = data.some((value) => Array.isArray(value))
  return matchShape(tensor, isNested ? data.flat(tensor.shape.length) : data)
}
