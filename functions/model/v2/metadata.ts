import { inputTensor, outputTensors } from '../../contract/ocr-tensors.ts'

/** Answer to `GET /v2`. */
export const serverMetadata = (version: string) => ({
  name: 'ocr-model',
  version,
  // Binary tensors are read but not yet written, so the extension is not announced.
  extensions: [],
})

/** Answer to `GET /v2/models/{m}`. */
export const modelMetadata = (name: string) => ({
  name,
  platform: 'tesseract',
  inputs: [inputTensor],
  outputs: outputTensors,
})
