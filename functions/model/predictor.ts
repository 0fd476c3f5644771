import { atIndex, OcrError } from '../contract/errors.ts'
import type { OcrBatch, OcrResult } from '../contract/ocr-tensors.ts'
import { createDeadline } from '../platform/deadline.ts'
import type { Lifecycle } from '../platform/lifecycle.ts'
import type { OcrPipeline } from './ocr-pipeline.ts'

/** Raised when an input or an output of the model changes its meaning. */
export const modelVersion = '1'

/** The model as every protocol sees it: one name, one version, ready or not. */
export interface Predictor {
  readonly modelName: string
  readonly isReady: boolean
  /** @throws OcrError `model_not_found` for another model, or another version where one is named */
  requireModel(name: string | undefined, version?: string): void
  /** @throws OcrError `not_ready` */
  requireReady(): void
  /**
   * Reads the images of a batch side by side, in as many lanes as there are slots, so that a large batch
   * leaves room between its images for other requests.
   * @returns the results in the order of the images
   * @throws OcrError of the first image that fails, with its index; the others have stopped by then
   */
  predict(batch: OcrBatch, signal: AbortSignal): Promise<OcrResult[]>
}

interface PredictorOptions {
  readonly modelName: string
  readonly lifecycle: Pick<Lifecycle, 'isReady'>
  readonly pipeline: OcrPipeline
  readonly lanes: number
  readonly maxBatch: number
  readonly requestTimeoutMs: number
}

export function createPredictor(options: PredictorOptions): Predictor {
  const { modelName, lifecycle, pipeline, lanes, maxBatch, requestTimeoutMs } = options
  return {
    modelName,
    get isReady() {
      return lifecycle.isReady
    },
    requireModel(name, version) {
      if (name !== modelName) {
        throw new OcrError('model_not_found', `The model served here is ${modelName}.`)
      }
      if (version && version !== modelVersion) {
        const message = `The version of ${modelName} that is served here is ${modelVersion}.`
        throw new OcrError('model_not_found', message)
      }
    },
    requireReady() {
      if (lifecycle.isReady) return
      const message = 'The model is starting or stopping.'
      throw new OcrError('not_ready', message, { retryAfterSeconds: 1 })
    },
    async predict({ images, options }, outer) {
      if (images.length > maxBatch) {
        const message = `The batch has ${images.length} images, more than the ${maxBatch} allowed.`
        throw new OcrError('invalid_request', message)
      }
      using deadline = createDeadline('The request', requestTimeoutMs, outer)
      const read = (image: Uint8Array, signal: AbortSignal) =>
        pipeline.recognize({ image, options }, signal)
      return await inLanes(images, lanes, read, deadline.signal)
    },
  }
}

/** Works on a list with `lanes` items at once. The first failure stops the rest. */
async function inLanes<T, R>(
  items: readonly T[],
  lanes: number,
  work: (item: T, signal: AbortSignal) => Promise<R>,
  outer: AbortSignal,
): Promise<R[]> {
  const failed = new AbortController()
  const signal = AbortSignal.any([outer, failed.signal])
  const results = new Array<R>(items.length)
  const queue = items.entries()
  const lane = async () => {
    for (const [index, item] of queue) {
      try {
        signal.throwIfAborted()
        results[index] = await work(item, signal)
      } catch (error) {
        failed.abort(outer.aborted ? error : atIndex(error, index, items.length))
        return
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane))
  failed.signal.throwIfAborted()
  return results
}
