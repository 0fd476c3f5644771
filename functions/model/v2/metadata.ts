import { inputTensor, outputTensors } from '../../contract/ocr-tensors.ts'

export const protocolExtensions = ['binary_tensor_data']

/** Answer to `GET /v2`. */
export const serverMetadata = (version: string) => ({
  name: 'ocr-model',
  version,
  extensions: protocolExtensions,
})

/** Answer to `GET /v2/models/{m}`. */
export const modelMetadata = (name: string) => ({
  name,
  platform: 'tesseract',
  inputs: [inputTensor],
  outputs: outputTensors,
})
