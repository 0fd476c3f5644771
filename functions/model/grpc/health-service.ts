import { OcrError } from '../../contract/errors.ts'
import { Health, HealthCheckResponse_ServingStatus as Status } from './generated/health_pb.ts'
import { implement, type Method } from './method.ts'

/**
 * grpc.health.v1: the server as a whole (an empty name), and each service by its name. Watching is not
 * implemented; probes check.
 */
export function healthMethods(options: {
  readonly services: readonly string[]
  readonly isReady: () => boolean
}): Method[] {
  const { services, isReady } = options
  return [
    implement(Health.method.check, ({ service }) => {
      if (service !== '' && !services.includes(service)) {
        throw new OcrError('model_not_found', `The services here are ${services.join(', ')}.`)
      }
      return { status: isReady() ? Status.SERVING : Status.NOT_SERVING }
    }),
  ]
}
