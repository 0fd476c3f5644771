import type { Listener } from '../../platform/server.ts'
import type { ModelService } from '../predictor.ts'
import { Health } from './generated/health_pb.ts'
import { GRPCInferenceService } from './generated/inference_pb.ts'
import { healthMethods } from './health-service.ts'
import { inferenceMethods } from './inference-service.ts'
import { createGrpcListener, type GrpcOptions } from './listener.ts'
import { reflectionMethods } from './reflection-service.ts'

/** The whole gRPC surface of the model. */
export function createGrpc(
  options: ModelService & Omit<GrpcOptions, 'methods'>,
): (next: Listener) => Listener {
  const { predictor } = options
  return createGrpcListener({
    ...options,
    methods: [
      ...inferenceMethods(options),
      ...healthMethods({
        services: [GRPCInferenceService.typeName],
        isReady: () => predictor.isReady,
      }),
      ...reflectionMethods([GRPCInferenceService, Health]),
    ],
  })
}
