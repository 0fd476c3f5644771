import type { Log } from '../../platform/log.ts'
import type { RequestObserver } from '../../platform/request-observer.ts'
import type { Listener } from '../../platform/server.ts'
import type { V2Options } from '../v2/routes.ts'
import { Health } from './generated/health_pb.ts'
import { GRPCInferenceService } from './generated/inference_pb.ts'
import { healthMethods } from './health-service.ts'
import { inferenceMethods } from './inference-service.ts'
import { createGrpcListener } from './listener.ts'
import { reflectionMethods } from './reflection-service.ts'

/** The whole gRPC surface of the model. */
export function createGrpc(
  options: V2Options & { readonly log: Log; readonly observer: RequestObserver },
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
