import type { Hono } from 'hono'
import { createEdge, type Edge } from '../platform/http.ts'
import type { Lifecycle } from '../platform/lifecycle.ts'
import type { Log } from '../platform/log.ts'
import { createV2Routes, type V2Options } from './v2/routes.ts'

interface AppOptions extends V2Options {
  readonly log: Log
  readonly lifecycle: Pick<Lifecycle, 'isReady' | 'isDraining'>
}

/** The whole HTTP surface of the model. */
export function createApp(options: AppOptions): Hono<Edge> {
  const { log, lifecycle } = options
  const app = createEdge({
    log,
    isDraining: () => lifecycle.isDraining,
    // kserve's client reads the message only from exactly this content type.
    describeError: ({ message }) => ({ contentType: 'application/json', body: { error: message } }),
  })
  app.get('/', (c) => c.json({ status: 'alive' }))
  app.route('/v2', createV2Routes(options))
  return app
}
