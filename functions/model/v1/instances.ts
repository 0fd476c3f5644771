import { invalid } from '../../contract/errors.ts'
import { elementsToImages } from '../../contract/image-elements.ts'
import { parseJson } from '../../contract/json.ts'
import { decodeOptions, type OcrBatch } from '../../contract/ocr-tensors.ts'

/**
 * Reads a predict request of the V1 protocol: a list of images in `instances` (or `inputs`), each as
 * base64 text, `{"b64": …}` or `{"image": {"b64": …}}`; options in `parameters`.
 * @throws OcrError `invalid_request`
 */
export function parsePredictRequest(body: Uint8Array): OcrBatch {
  const request = parseJson(body)
  if (!isObject(request)) return invalid('The body must be an object with "instances".')
  const { instances = request['inputs'] } = request
  const parameters = request['parameters'] ?? {}
  if (!Array.isArray(instances) || instances.length === 0) {
    invalid('"instances" must be a list of at least one image.')
  }
  if (!isObject(parameters)) return invalid('"parameters" must be an object.')
  return { images: elementsToImages(instances), options: decodeOptions(parameters) }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
