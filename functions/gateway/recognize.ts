import type { OcrDocument, Timings } from '../contract/ocr.ts'
import type { OcrRequest } from '../contract/ocr-tensors.ts'
import { createDeadline } from '../platform/deadline.ts'
import type { InferenceClient } from './inference-client.ts'

/** What a caller gets for one document. */
export type OcrAnswer = OcrDocument & { readonly timings: Timings }

/**
 * Has a document read, whichever way it came in.
 * @param headers request id and trace context to pass on to the model
 * @throws OcrError
 */
export type Recognize = (
  request: OcrRequest,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<OcrAnswer>

export function createRecognize(options: {
  inferenceClient: Pick<InferenceClient, 'recognize'>
  modelTimeoutMs: number
}): Recognize {
  return async (request, headers, outer) => {
    using deadline = createDeadline('The model', options.modelTimeoutMs, outer)
    const result = await options.inferenceClient.recognize(request, headers, deadline.signal)
    return { ...result.document, timings: result.timings }
  }
}
