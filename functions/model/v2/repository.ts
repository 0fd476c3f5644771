import { OcrError } from '../../contract/errors.ts'
import { modelVersion, type Predictor } from '../predictor.ts'

/**
 * The models of this server, of which there is one (Triton's model repository extension).
 * @param onlyReady leaves out what is not ready
 */
export function repositoryIndex({ modelName, notReady }: Predictor, onlyReady: boolean) {
  if (onlyReady && notReady) return []
  const [state, reason] = notReady ? ['UNAVAILABLE', notReady.message] : ['READY', '']
  return [{ name: modelName, version: modelVersion, state, reason }]
}

/**
 * The model is loaded as long as its server runs, so this only tells whether it is.
 * @param overrides what the client wants the model to be changed to
 * @throws OcrError `model_not_found`, `not_ready`, or `not_supported` when something is to be changed
 */
export function loadModel(predictor: Predictor, name: string, overrides: object): void {
  predictor.requireModel(name)
  if (Object.keys(overrides).length > 0) {
    const message = 'The model is set up by its server; load it without parameters.'
    throw new OcrError('not_supported', message)
  }
  predictor.requireReady()
}

/** @throws OcrError `model_not_found` or `not_supported` */
export function unloadModel(predictor: Predictor, name: string): never {
  predictor.requireModel(name)
  const message = `${name} cannot be unloaded; its server stops when it is scaled to zero.`
  throw new OcrError('not_supported', message)
}
