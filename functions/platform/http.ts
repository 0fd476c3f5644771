import type { Http2Bindings, HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { requestId } from 'hono/request-id'
import { routePath } from 'hono/route'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import {
  abortReason,
  type ErrorKind,
  errorKindHeader,
  OcrError,
  toOcrError,
} from '../contract/errors.ts'
import { discardBody } from './body.ts'
import { type Log, logFailure } from './log.ts'
import type { RequestObserver } from './request-observer.ts'
import type { TraceHeaders } from './telemetry/tracing.ts'

export interface EdgeVariables {
  requestId: string
  /** Who asks, where that is known; for the access log. */
  caller?: string
  /** To pass on with what is asked of others for this request. */
  trace: TraceHeaders
  /** What the access log is to tell beside the status: numbers, and words that are not the client's. */
  facts?: object
  /** Set when the request failed; the access log names it. */
  errorKind?: ErrorKind
  /** Resolves when an answer that is streamed has ended; the request goes on until then. */
  ending?: Promise<void>
}

export type Edge = { Bindings: HttpBindings | Http2Bindings; Variables: EdgeVariables }
export type EdgeContext = Context<Edge>
/** Node's side of a request and its answer. */
export interface Exchange {
  readonly incoming: Edge['Bindings']['incoming']
  readonly outgoing: Edge['Bindings']['outgoing']
}

export interface ErrorBody {
  readonly contentType: string
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** How a service tells an error to its clients; without an id when there was no whole request. */
export type DescribeError = (error: OcrError, requestId?: string) => ErrorBody

interface EdgeOptions {
  readonly log: Log
  readonly observer: RequestObserver
  readonly describeError: DescribeError
  /** Whether connections are to be closed after the answer, because the service is stopping. */
  readonly isDraining: () => boolean
}

/**
 * An error is told after a body of up to so many bytes has been taken in; then its connection is kept, and even a client
 * that sends all before it reads sees the answer. With a longer body it is told at once, and the connection ends: to
 * take in what nobody wants costs time that those who are read would have.
 */
const maxDiscardBytes = 64 * 1024

/**
 * An empty app with what every request of ours meets at the edge: a request id, an observer and one place where
 * errors become answers.
 */
export function createEdge(options: EdgeOptions): Hono<Edge> {
  const { log, observer, describeError, isDraining } = options
  // A slash at the end makes no other path.
  const app = new Hono<Edge>({ strict: false })
  app.use(requestId({ limitLength: 128 }))
  app.use(async function observe(c, next) {
    const { method, path } = c.req
    const header = (name: string) => c.req.header(name)
    const request = observer.begin({ requestId: c.var.requestId, method, path, header })
    c.set('trace', request.trace)
    await request.run(next)
    // HTTP/2 has no such header; its connections are told to end by a frame.
    if (isDraining() && c.env.incoming.httpVersionMajor < 2) c.header('Connection', 'close')
    const { status } = c.res
    const end = () => {
      const { caller, errorKind: error, facts } = c.var
      request.end({ caller, route: routePath(c, -1), status, error, facts })
    }
    if (c.var.ending) void c.var.ending.then(end)
    else end()
  })
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        c.header('Allow', methods.join(', '))
        if (c.req.method === 'OPTIONS') return c.body(null, 204)
        const message = `${c.req.path} takes ${methods.join(' and ')} only.`
        return respond(c, new OcrError('method_not_allowed', message))
      },
    }),
  )

  const respond = async (c: EdgeContext, error: OcrError): Promise<Response> => {
    await discardBody(c.req.raw, maxDiscardBytes)
    c.set('errorKind', error.kind)
    c.header(errorKindHeader, error.kind)
    if (error.retryAfterSeconds) c.header('Retry-After', String(error.retryAfterSeconds))
    const { contentType, body, headers } = describeError(error, c.var.requestId)
    const status = error.status as ContentfulStatusCode
    return c.body(JSON.stringify(body), status, { ...headers, 'Content-Type': contentType })
  }
  app.onError((thrown, c) => {
    const error = c.req.raw.signal.aborted ? abortReason(thrown) : toOcrError(thrown)
    logFailure(log, c.var.requestId, error)
    return respond(c, error)
  })
  app.notFound((c) => respond(c, new OcrError('not_found', `There is no ${c.req.path} here.`)))
  return app
}
