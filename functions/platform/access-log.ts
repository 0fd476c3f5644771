import type { ErrorKind } from '../contract/errors.ts'
import type { Log } from './log.ts'

/** The value of a request's header, by its name in lower case. */
export type ReadHeader = (name: string) => string | undefined

interface Access {
  readonly requestId: string
  readonly caller?: string | undefined
  readonly header: ReadHeader
  readonly method: string
  /** The route that took the request, and not its path. */
  readonly route: string
  /** HTTP status, or the code of gRPC. */
  readonly status: number
  readonly error: ErrorKind | undefined
  /** `performance.now()` when the request came. */
  readonly start: number
}

const probeRoute = /\/(?:livez|readyz|health\/(?:live|ready)|grpc\.health\.v1\.Health\/Check)$/

/** Writes one line for a request, or none for a probe that is answered well. */
export function logAccess(log: Log, { header, start, ...fields }: Access): void {
  // By its route as well: anybody can say that he is the kubelet.
  const isProbe = header('user-agent')?.startsWith('kube-probe/') && probeRoute.test(fields.route)
  if (isProbe && !fields.error) return
  const { traceparent } = traceContext(header)
  log.info({ ...fields, traceparent, ms: Math.round(performance.now() - start) }, 'request')
}

/** W3C Trace Context headers to pass on; empty when the caller sent none that is well formed. */
export function traceContext(header: ReadHeader): { traceparent?: string; tracestate?: string } {
  const traceparent = header('traceparent')
  if (!traceparent || !/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(traceparent)) {
    return {}
  }
  const tracestate = header('tracestate')
  return tracestate && /^[\x20-\x7E]{1,512}$/.test(tracestate)
    ? { traceparent, tracestate }
    : { traceparent }
}
