import { randomUUID } from 'node:crypto'
import {
  encodeOcrResults,
  encodePageCounts,
  wantedOutputs,
  wantsPageCountOnly,
} from '../../contract/ocr-outputs.ts'
import { decodeOcrBatch } from '../../contract/ocr-tensors.ts'
import type { InferRequest, InferResponse } from '../../contract/v2.ts'
import { modelVersion, type Predictor } from '../predictor.ts'

/**
 * Answers an inference request, whichever transport it came by.
 * @throws OcrError
 */
export async function infer(
  request: InferRequest,
  predictor: Pick<Predictor, 'modelName' | 'predict' | 'countPages'>,
  signal: AbortSignal,
): Promise<InferResponse> {
  const outputs = wantedOutputs(request)
  const batch = { ...decodeOcrBatch(request), withPdf: outputs.includes('pdf') }
  const { modelName } = predictor
  const answer = { modelName, modelVersion, id: request.id ?? randomUUID() }
  if (wantsPageCountOnly(outputs)) {
    return encodePageCounts(await predictor.countPages(batch, signal), answer)
  }
  return encodeOcrResults(await predictor.predict(batch, signal), outputs, answer)
}
