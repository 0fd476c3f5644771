import type { Log } from './log.ts'
import type { RequestEnd } from './telemetry/server-metrics.ts'
import { type TraceHeaders, traceIdOf } from './telemetry/tracing.ts'

/** The value of a request's header, by its name in lower case. */
export type ReadHeader = (name: string) => string | undefined

export interface Access extends RequestEnd {
  readonly requestId: string
  /** Who asked, where that is known. */
  readonly caller?: string | undefined
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
