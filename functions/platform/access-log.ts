import type { ErrorKind } from '../contract/errors.ts'
import type { Log } from './log.ts'
import { type TraceHeaders, traceIdOf } from './telemetry/tracing.ts'

/** The value of a request's header, by its name in lower case. */
export type ReadHeader = (name: string) => string | undefined

interface Access {
  readonly requestId: string
  readonly caller?: string | undefined
  readonly method: string
  /** The route that took the request, and not its path. */
  readonly route: string
  /** HTTP status, or the code of gRPC. */
  readonly status: number
  readonly error: ErrorKind | undefined
  /** What else is to be told of it: numbers, and words that are not the client's. */
  readonly facts?: object | undefined
  readonly trace: TraceHeaders
  /** `performance.now()` when the request came. */
  readonly start: number
}

const probePath = /\/(?:livez|readyz|health\/(?:live|ready)|grpc\.health\.v1\.Health\/Check)$/

/** Whether a request is one of the kubelet's, by its path as well: anybody can say that he is the kubelet. */
export const isProbe = (header: ReadHeader, path: string): boolean =>
  header('user-agent')?.startsWith('kube-probe/') === true && probePath.test(path)

/** Writes one line for a request. */
export function logAccess(log: Log, { trace, facts, start, ...fields }: Access): void {
  const ms = Math.round(performance.now() - start)
  log.info({ ...fields, traceId: traceIdOf(trace), ms, ...facts }, 'request')
}
