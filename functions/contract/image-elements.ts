import { decodeBase64 } from './base64.ts'
import { atIndex, invalid, named } from './errors.ts'
import { typeOfFile } from './file-types.ts'
import { type InferTensor, requireBytes } from './v2.ts'

/**
 * The encoded images of an input tensor, in every way in which inference clients send them:
 * - BYTES of shape `[N]` or `[N, 1]`: N images, each raw, as base64 or as `{"b64": …}`;
 * - UINT8 of shape `[bytes]` or `[1, bytes]`: the bytes of one encoded image.
 * @throws OcrError `invalid_request`, with the index of the bad element
 */
export function imagesOf(tensor: InferTensor): Uint8Array[] {
  requireBytes(tensor)
  if (tensor.datatype === 'UINT8') return [byteTensor(tensor)]
  const [count = 0, width = 1, ...rest] = tensor.shape
  if (tensor.shape.length === 0 || width !== 1 || rest.length > 0) {
    invalid(
      `Tensor${named(tensor.name)} must have shape [N] or [N, 1], N being the number of images.`,
    )
  }
  if (count === 0) invalid(`Tensor${named(tensor.name)} must hold at least one image.`)
  const isBase64 = tensor.parameters['content_type'] === 'base64'
  return elementsToImages(Array.from(tensor.elements), isBase64)
}

/**
 * One encoded image for each element of a list.
 * @param isBase64 the client says that every element is base64 text
 * @throws OcrError `invalid_request`, with the index of the bad element
 */
export const elementsToImages = (elements: readonly unknown[], isBase64 = false): Uint8Array[] =>
  elements.map((element, index) => {
    try {
      return isBase64 ? base64Image(element) : anyImage(element)
    } catch (error) {
      throw atIndex(error, index, elements.length)
    }
  })

function byteTensor({ name, shape, elements }: InferTensor): Uint8Array {
  const [length, ...outer] = shape.toReversed()
  if (length === undefined || outer.length > 1 || (outer[0] ?? 1) !== 1) {
    const means = 'the bytes of an encoded image, not its pixels'
    invalid(`Tensor${named(name)} as UINT8 must have shape [bytes] or [1, bytes]: ${means}.`)
  }
  if (elements instanceof Uint8Array) return elements
  const bytes = new Uint8Array(elements.length)
  for (let index = 0; index < bytes.length; index++) {
    const value = elements[index]
    bytes[index] = Number(value)
    if (bytes[index] !== value)
      invalid(`Tensor${named(name)} holds no byte from 0 to 255 at index ${index}.`)
  }
  return bytes
}

const encodings = 'Send an image as base64 text, or as raw bytes by the binary tensor extension.'

function base64Image(element: unknown): Uint8Array {
  const text = element instanceof Uint8Array ? Buffer.from(element).toString('latin1') : element
  const bytes = typeof text === 'string' ? decodeBase64(text) : undefined
  return bytes ?? invalid(`This is not valid base64. ${encodings}`)
}

function anyImage(element: unknown): Uint8Array {
  if (element instanceof Uint8Array) return element
  if (typeof element === 'string') return textImage(element)
  const isObject = typeof element === 'object' && element !== null
  if (isObject && 'b64' in element) return base64Image(element.b64)
  if (isObject && 'image' in element) return anyImage(element.image)
  return invalid(`This is no image. ${encodings}`)
}

/** Text is base64; or it is the bytes of an image, which some clients put into a string as they are. */
function textImage(text: string): Uint8Array {
  const decoded = decodeBase64(text)
  if (decoded && typeOfFile(decoded)) return decoded
  const characters = Buffer.from(text, 'latin1')
  if (typeOfFile(characters)) return characters
  return invalid(`This text is not an image that is read here. ${encodings}`)
}
