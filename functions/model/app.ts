import type { Hono } from 'hono'
import { compress } from 'hono/compress'
import type { OcrError } from '../contract/errors.ts'
import { createEdge, type Edge, type ErrorBody } from '../platform/http.ts'
import type { Lifecycle } from '../platform/lifecycle.ts'
import type { Log } from '../platform/log.ts'
import type { RequestObserver } from '../platform/request-observer.ts'
import type { IntakeOptions } from './intake.ts'
import type { ModelService } from './predictor.ts'
import { createV1Routes } from './v1/routes.ts'
import { createV2Routes } from './v2/routes.ts'

interface AppOptions extends ModelService, IntakeOptions {
  readonly log: Log
  readonly observer: RequestObserver
  readonly lifecycle: Pick<Lifecycle, 'isDraining'>
}

/**
 * An error as the inference protocols have it over HTTP. kserve's client reads the message only from exactly
 * this content type.
 */
export const describeError = ({ message }: OcrError): ErrorBody => ({
  contentType: 'application/json',
  body: { error: message },
})

/** The whole HTTP surface of the model. */
export function createApp(options: AppOptions): Hono<Edge> {
  const { log, observer, lifecycle } = options
  const isDraining = () => lifecycle.isDraining
  const app = createEdge({ log, observer, isDraining, describeError })
  app.use(compress({ contentTypeFilter: /^application\/(?:json|octet-stream)$/ }))
  app.get('/', (c) => c.json({ status: 'alive' }))
  app.route('/v1', createV1Routes(options))
  app.route('/v2', createV2Routes(options))
  return app
}
