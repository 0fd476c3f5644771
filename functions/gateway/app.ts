import type { Hono } from 'hono'
import { traceContext } from '../platform/access-log.ts'
import type { Admission } from '../platform/admission.ts'
import { createEdge, type Edge } from '../platform/http.ts'
import type { Lifecycle } from '../platform/lifecycle.ts'
import type { Log } from '../platform/log.ts'
import { readUpload } from './intake/upload.ts'
import { problemOf } from './problem.ts'
import type { Recognize } from './recognize.ts'

interface AppOptions {
  readonly log: Log
  readonly lifecycle: Pick<Lifecycle, 'isDraining'>
  readonly admission: Admission
  readonly recognize: Recognize
  readonly maxUploadBytes: number
}

/** The whole HTTP surface of the gateway. */
export function createApp(options: AppOptions): Hono<Edge> {
  const { log, lifecycle, admission, recognize, maxUploadBytes } = options
  const app = createEdge({ log, isDraining: () => lifecycle.isDraining, describeError: problemOf })

  app.get('/livez', (c) => c.json({ status: 'alive' }))
  // Does not ask for the model: it may be scaled to zero, and requests are what wakes it.
  app.get('/readyz', (c) => c.json({ status: 'ready' }))
  app.post('/gateway/ocr', async (c) => {
    using _place = admission.admit()
    const request = await readUpload(c.req.raw, maxUploadBytes)
    const trace = traceContext((name) => c.req.header(name))
    const headers = { 'x-request-id': c.var.requestId, ...trace }
    return c.json(await recognize(request, headers, c.req.raw.signal))
  })
  return app
}
