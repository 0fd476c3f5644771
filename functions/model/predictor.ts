import { atIndex, invalid, OcrError } from '../contract/errors.ts'
import type { EngineMetadata } from '../contract/model-metadata.ts'
import type { OcrBatch, OcrRequest, OcrResult } from '../contract/ocr-tensors.ts'
import { createDeadline } from '../platform/deadline.ts'
import type { Lifecycle } from '../platform/lifecycle.ts'
import type { Receiving } from '../platform/receiving.ts'
import type { EngineHealth } from './engine/health.ts'
import type { OcrPipeline } from './ocr-pipeline.ts'
import { createShare, type Share } from './share.ts'
import { sideBySide } from './side-by-side.ts'

/** Raised when an input or an output of the model changes its meaning. */
export const modelVersion = '1'

/** The model as every protocol sees it: one name, one version, ready or not. */
export interface Predictor {
  readonly modelName: string
  readonly isReady: boolean
  /** `not_ready`, or `engine_unavailable` where engines cannot be started; nothing when the model is ready. */
  readonly notReady: OcrError | undefined
  /** @throws OcrError `model_not_found` for another model, or another version where one is named */
  requireModel(name: string | undefined, version?: string): void
  /** @throws OcrError {@link notReady} */
  requireReady(): void
  /**
   * Reads the images of a batch side by side, with as many pages at once as there are slots, so that a large
   * batch leaves room between its pages for other requests.
   * @returns the results in the order of the images
   * @throws OcrError of the first image that fails, with its index; the others have stopped by then
   */
  predict(batch: OcrBatch, signal: AbortSignal): Promise<OcrResult[]>
  /**
   * Counts the pages of the files of a batch, which has to meet all that {@link predict} asks of it, and reads none.
   * @returns the counts in the order of the files
   * @throws OcrError as {@link predict} does
   */
  countPages(batch: OcrBatch, signal: AbortSignal): Promise<number[]>
}

/** The work on one request, whose protocol tells when it is done. */
export interface Inference extends Pick<Predictor, 'modelName' | 'predict' | 'countPages'> {
  /** The answer has been made. */
  answered(): void
}

/**
 * Begins with a request before it is parsed.
 * @param tell is given what the log is to tell of it, as often as more is known: numbers, and nothing of its content
 */
export type BeginInference = (tell: (facts: object) => void) => Inference

/** The model, and what protocols tell of it. */
export interface ModelService {
  readonly predictor: Predictor
  readonly beginInference: BeginInference
  /** Of the server. */
  readonly version: string
  readonly engineMetadata: EngineMetadata
}

interface PredictorOptions {
  readonly modelName: string
  readonly lifecycle: Pick<Lifecycle, 'isReady'>
  readonly health: Pick<EngineHealth, 'isHealthy'>
  readonly pipeline: OcrPipeline
  /** Counts what requests keep for their answers beside what they brought. */
  readonly receiving: Pick<Receiving, 'open'>
  /** Pages that one request may have under way. */
  readonly size: number
  readonly maxPdfBytes: number
  readonly maxBatch: number
  readonly requestTimeoutMs: number
}

export function createPredictor(options: PredictorOptions): Predictor {
  const { modelName, pipeline } = options
  return {
    modelName,
    get isReady() {
      return !whyNotReady(options)
    },
    get notReady() {
      return whyNotReady(options)
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
      const error = whyNotReady(options)
      if (error) throw error
    },
    predict: (batch, signal) => onEach(options, batch, signal, pipeline.recognize),
    countPages: (batch, signal) => onEach(options, batch, signal, pipeline.countPages),
  }
}

/** Works on the images of a batch side by side, within the limits of a request. */
async function onEach<T>(
  options: PredictorOptions,
  { images, ...rest }: OcrBatch,
  outer: AbortSignal,
  work: (request: OcrRequest, signal: AbortSignal, share: Share) => Promise<T>,
): Promise<T[]> {
  const { receiving, maxBatch, requestTimeoutMs } = options
  if (images.length > maxBatch) {
    invalid(`The batch has ${images.length} images, more than the ${maxBatch} allowed.`)
  }
  using deadline = createDeadline('The request', requestTimeoutMs, outer)
  using memory = receiving.open()
  const share = createShare({ ...options, memory })
  const attempt = async (image: Uint8Array, signal: AbortSignal, index: number) => {
    try {
      return await work({ ...rest, image }, signal, share)
    } catch (error) {
      throw signal.aborted ? error : atIndex(error, index, images.length)
    }
  }
  return await sideBySide(images, attempt, deadline.signal)
}

function whyNotReady({ lifecycle, health }: PredictorOptions): OcrError | undefined {
  if (!lifecycle.isReady) {
    const message = 'The model is starting or stopping.'
    return new OcrError('not_ready', message, { retryAfterSeconds: 1 })
  }
  if (health.isHealthy) return undefined
  const message = 'The engine cannot be started; the model tries it again and again.'
  return new OcrError('engine_unavailable', message, { retryAfterSeconds: 5 })
}
