import { inputTensor, outputTensors } from '../../contract/ocr-tensors.ts'
import { optionRanges } from '../../contract/options.ts'
import { modelVersion } from '../predictor.ts'

/** Answer to `GET /v2`. */
export const serverMetadata = (version: string) => ({
  name: 'ocr-model',
  version,
  extensions: ['binary_tensor_data'],
})

/** Answer to `GET /v2/models/{m}`; `parameters` tells what an infer request's parameters may be. */
export const modelMetadata = (name: string, languages: readonly string[]) => ({
  name,
  versions: [modelVersion],
  platform: 'tesseract',
  inputs: [inputTensor],
  outputs: outputTensors,
  parameters: { ...optionRanges, lang: `${optionRanges.lang}, of: ${languages.join(', ')}` },
})
