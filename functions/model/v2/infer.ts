import { randomUUID } from 'node:crypto'
import { decodeOcrBatch, encodeOcrResults, wantedOutputs } from '../../contract/ocr-tensors.ts'
import type { InferRequest, InferResponse } from '../../contract/v2.ts'
import { modelVersion, type Predictor } from '../predictor.ts'

/**
 * Answers an inference request, whichever transport it came by.
 * @throws OcrError
 */
export async function infer(
  request: InferRequest,
  predictor: Predictor,
  signal: AbortSignal,
): Promise<InferResponse> {
  const outputs = wantedOutputs(request)
  const batch = { ...decodeOcrBatch(request), withPdf: outputs.includes('pdf') }
  const results = await predictor.predict(batch, signal)
  const { modelName } = predictor
  return encodeOcrResults(results, {
    modelName,
    modelVersion,
    id: request.id ?? randomUUID(),
    outputs,
  })
}
