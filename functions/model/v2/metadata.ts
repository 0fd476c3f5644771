import type { EngineMetadata } from '../../contract/model-metadata.ts'
import { outputTensors } from '../../contract/ocr-outputs.ts'
import { inputTensor } from '../../contract/ocr-tensors.ts'
import { optionTexts } from '../../contract/options.ts'
import { modelVersion } from '../predictor.ts'

/** Answer to `GET /v2`. */
export const serverMetadata = (version: string) => ({
  name: 'ocr-model',
  version,
  extensions: ['binary_tensor_data'],
})

/**
 * Answer to `GET /v2/models/{m}`; `parameters` tells what an infer request's parameters may be, and `engine` what
 * reads.
 */
export const modelMetadata = (name: string, engine: EngineMetadata) => ({
  name,
  versions: [modelVersion],
  platform: 'tesseract',
  inputs: [inputTensor],
  outputs: outputTensors,
  parameters: optionRanges(Object.keys(engine.languages)),
  engine,
})

function optionRanges(languages: readonly string[]): Record<string, string> {
  const entries = Object.entries(optionTexts).map(([name, { range }]) => [name, range])
  return {
    ...Object.fromEntries(entries),
    lang: `${optionTexts.lang.range}, of: ${languages.join(', ')}`,
  }
}
