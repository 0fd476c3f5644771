import { OpenAPIHono } from '@hono/zod-openapi'
import type { Hono } from 'hono'
import { createEdge, type Edge } from '../platform/http.ts'
import type { Lifecycle } from '../platform/lifecycle.ts'
import type { RequestObserver } from '../platform/request-observer.ts'
import { addCors, addSecurityHeaders } from './api/browser.ts'
import { createDescription } from './api/description.ts'
import { addDocs } from './api/docs.ts'
import { enter, startCall } from './api/enter.ts'
import { createEventsHandler, type EventsHandlerOptions } from './api/events.ts'
import { createOcrHandler, type OcrHandlerOptions } from './api/ocr.ts'
import { addPage } from './api/page.ts'
import { createResultsHandler } from './api/results.ts'
import { formRoute, ocrRoute, resultRoute } from './api/routes/documents.ts'
import { eventsRoute, webhooks } from './api/routes/events.ts'
import { languagesRoute, livezRoute, readyzRoute } from './api/routes/service.ts'
import { readFormOnly, readSubmission } from './intake/submission.ts'
import { describeError } from './problem.ts'

interface AppOptions extends OcrHandlerOptions, EventsHandlerOptions {
  readonly lifecycle: Pick<Lifecycle, 'isDraining'>
  readonly observer: RequestObserver
  /** Whether callers must show a key, for the description. */
  readonly needsKey: boolean
  /** Where the web page is, as scripts/build-page.mjs makes it. */
  readonly pageFolder: string
  /** Origins of web pages that may call. */
  readonly corsOrigins: readonly string[]
}

/** The whole HTTP surface of the gateway. */
export function createApp(options: AppOptions): Hono<Edge> {
  const { log, observer, lifecycle, access, modelFacts, requestTimeoutMs } = options
  const isDraining = () => lifecycle.isDraining
  const app = createEdge({ log, observer, isDraining, describeError })
  addSecurityHeaders(app)
  // Pages of other origins have no use for ours.
  addPage(app, options.pageFolder)
  addCors(app, options)
  const api = new OpenAPIHono<Edge>({ strict: false })

  // Registered by hand: api.openapi() would read their bodies itself, without our limits.
  api.openAPIRegistry.registerPath(ocrRoute)
  api.post(
    ocrRoute.path,
    createOcrHandler(options, {
      read: readSubmission,
      fileField: 'file',
      isNegotiated: true,
    }),
  )
  api.openAPIRegistry.registerPath(formRoute)
  api.post(
    formRoute.path,
    createOcrHandler(options, { read: readFormOnly, fileField: 'image_file', isNegotiated: false }),
  )

  api.openAPIRegistry.registerPath(resultRoute)
  api.get(resultRoute.getRoutingPath(), createResultsHandler(options))
  const { events } = options.events.rules
  if (events !== 'off') {
    api.openAPIRegistry.registerPath({ ...eventsRoute, ...(events === 'open' && { security: [] }) })
    api.post(eventsRoute.path, createEventsHandler(options))
  }

  api.openapi(languagesRoute, async (c) => {
    using _visit = await enter(c, access)
    using call = startCall(c, requestTimeoutMs)
    return c.json(await modelFacts.languages(call), 200)
  })
  api.openapi(livezRoute, (c) => c.json({ status: 'alive' }, 200))
  // Does not ask for the model: it may be scaled to zero, and requests are what wakes it.
  api.openapi(readyzRoute, (c) => c.json({ status: 'ready' }, 200))

  for (const webhook of webhooks) api.openAPIRegistry.registerWebhook(webhook)
  const description = createDescription(api, options)
  app.get('/openapi.json', (c) => c.json(description()))
  addDocs(app)
  app.route('/', api)
  return app
}
