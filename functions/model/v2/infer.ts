import { randomUUID } from 'node:crypto'
import {
  encodeOcrResults,
  encodePageCounts,
  type OutputName,
  wantedOutputs,
  wantsPageCountOnly,
} from '../../contract/ocr-outputs.ts'
import { decodeOcrBatch, type OcrBatch } from '../../contract/ocr-tensors.ts'
import type { InferRequest, InferResponse } from '../../contract/v2.ts'
import { modelVersion, type Predictor } from '../predictor.ts'

/** What an inference request asks for. Its tensors are not kept, which may be text several times as long as images. */
export interface Question extends OcrBatch {
  readonly id: string | undefined
  readonly outputs: readonly OutputName[]
}

/** @throws OcrError `invalid_request` */
export function readQuestion(request: InferRequest): Question {
  const outputs = wantedOutputs(request)
  return {
    ...decodeOcrBatch(request),
    withPdf: outputs.includes('pdf'),
    id: request.id,
    outputs,
  }
}

/**
 * Answers an inference request, whichever transport it came by.
 * @throws OcrError
 */
export async function infer(
  { id = randomUUID(), outputs, ...batch }: Question,
  predictor: Pick<Predictor, 'modelName' | 'predict' | 'countPages'>,
  signal: AbortSignal,
): Promise<InferResponse> {
  const { modelName } = predictor
  const answer = { modelName, modelVersion, id }
  if (wantsPageCountOnly(outputs)) {
    return encodePageCounts(await predictor.countPages(batch, signal), answer)
  }
  return encodeOcrResults(await predictor.predict(batch, signal), outputs, answer)
}
