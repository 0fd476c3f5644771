import type { Inference, ModelService } from '../predictor.ts'
import { infer, type Question, readQuestion } from '../v2/infer.ts'
import { modelMetadata, serverMetadata } from '../v2/metadata.ts'
import { loadModel, repositoryIndex, unloadModel } from '../v2/repository.ts'
import { GRPCInferenceService } from './generated/inference_pb.ts'
import { implement, type Method } from './method.ts'
import { readInferRequest, writeInferResponse } from './tensors.ts'

/** The Open Inference Protocol v2 over gRPC (open_inference_grpc.proto). */
export function inferenceMethods(options: ModelService): Method[] {
  const { predictor, beginInference, version, engineMetadata } = options
  const { method } = GRPCInferenceService
  return [
    implement(method.serverLive, () => ({ live: true })),
    implement(method.serverReady, () => ({ ready: predictor.isReady })),
    implement(method.serverMetadata, () => serverMetadata(version)),
    implement(method.modelReady, (request) => {
      predictor.requireModel(request.name, request.version)
      return { ready: predictor.isReady }
    }),
    implement(method.modelMetadata, (request) => {
      predictor.requireModel(request.name, request.version)
      const metadata = modelMetadata(request.name, engineMetadata)
      const { name, versions, platform, inputs, outputs, parameters } = metadata
      return {
        name,
        versions,
        platform,
        inputs: inputs.map(withWideShape),
        outputs: outputs.map(withWideShape),
        properties: parameters,
      }
    }),
    implement(
      method.modelInfer,
      // Not async, so that the request is given up with its tensors before the work.
      (request, { signal, tell, keep }) => {
        predictor.requireModel(request.modelName, request.modelVersion)
        predictor.requireReady()
        const inference = beginInference(tell)
        const isRaw = request.rawInputContents.length > 0
        const question = readQuestion(readInferRequest(request))
        keep(question.images)
        return answerTo(question, { inference, isRaw, signal })
      },
      { needsPlace: true },
    ),
    implement(method.repositoryIndex, ({ ready }) => ({
      models: repositoryIndex(predictor, ready),
    })),
    implement(method.repositoryModelLoad, (request) => {
      const modelName = nameIn(request)
      loadModel(predictor, modelName, {})
      return { modelName, isLoaded: true }
    }),
    implement(method.repositoryModelUnload, (request) => unloadModel(predictor, nameIn(request))),
  ]
}

interface Answering {
  readonly inference: Inference
  readonly isRaw: boolean
  readonly signal: AbortSignal
}

async function answerTo(question: Question, { inference, isRaw, signal }: Answering) {
  const answer = writeInferResponse(await infer(question, inference, signal), isRaw)
  inference.answered()
  return answer
}

const nameIn = (request: { modelName: string; tritonModelName: string }): string =>
  request.modelName || request.tritonModelName

const withWideShape = <T extends { shape: readonly number[] }>(tensor: T) => ({
  ...tensor,
  shape: tensor.shape.map(BigInt),
})
