import { hostname } from 'node:os'
import {
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources'

/** Who tells. */
export interface Identity {
  readonly service: string
  readonly version: string
}

/** The same for OpenTelemetry, with what `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME` add or change. */
export function resourceOf({ service, version }: Identity): Resource {
  const own = resourceFromAttributes({
    'service.name': service,
    'service.version': version,
    // In a pod it is the pod's name.
    'service.instance.id': hostname(),
  })
  return own.merge(detectResources({ detectors: [envDetector] }))
}
