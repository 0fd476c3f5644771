import { type Access, isProbe, logAccess, type ReadHeader } from './access-log.ts'
import { inRequest, type Log } from './log.ts'
import type { RequestMeter } from './telemetry/server-metrics.ts'
import {
  noTracing,
  type SpanAttributes,
  type TraceHeaders,
  type Tracing,
  traceContext,
} from './telemetry/tracing.ts'

/** Sees every request from its begin to its end: in the metrics, in a trace, in a line of the log. */
export interface RequestObserver {
  begin(request: RequestBegin): ObservedRequest
}

interface RequestBegin {
  readonly requestId: string
  readonly method: string
  readonly path: string
  readonly header: ReadHeader
}

export interface ObservedRequest {
  /** To pass on. */
  readonly trace: TraceHeaders
  /** Does the work on the request. */
  run<T>(work: () => T): T
  end(end: RequestEnd): void
}

type RequestEnd = Pick<Access, 'caller' | 'route' | 'status' | 'error' | 'facts'>

export function createRequestObserver(options: {
  readonly log: Log
  readonly meter: Pick<RequestMeter, 'start'>
  readonly tracing: Tracing
}): RequestObserver {
  const { log, meter, tracing } = options
  return {
    begin({ requestId, method, path, header }) {
      const start = performance.now()
      const parent = traceContext(header)
      // Probes that are answered well would hide all else.
      const isQuiet = isProbe(header, path)
      const span = (isQuiet ? noTracing : tracing).start(method, { kind: 'server', parent })
      const endMeter = meter.start()
      return {
        trace: span.headers,
        run: (work) => inRequest(requestId, () => span.run(work)),
        end({ caller, facts, ...end }) {
          const { route, status, error } = end
          span.rename(`${method} ${route}`)
          span.set(attributesOf(method, end))
          span.end(error)
          if (isQuiet && !error) return endMeter()
          endMeter({ method, route, status, error })
          logAccess(log, { requestId, caller, method, ...end, facts, trace: span.headers, start })
        },
      }
    },
  }
}

/** As in OpenTelemetry's conventions for HTTP and for RPC. */
const attributesOf = (method: string, { route, status }: RequestEnd): SpanAttributes =>
  method === 'gRPC'
    ? {
        'rpc.system.name': 'grpc',
        'rpc.method': route.slice(1),
        'rpc.response.status_code': String(status),
      }
    : {
        'http.request.method': method,
        'http.route': route,
        'http.response.status_code': status,
      }
