import type { ErrorKind } from '../../contract/errors.ts'

/** W3C Trace Context headers: by them a trace goes from one service to the next. */
export interface TraceHeaders {
  readonly traceparent?: string
  readonly tracestate?: string
}

export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>

interface SpanOptions {
  /** What it is to the other side of a connection; `internal` if this is not given. */
  readonly kind?: 'server' | 'client' | 'consumer' | 'producer'
  /** Whose child it is: by default of the span in whose work it is started. */
  readonly parent?: TraceHeaders
  /** Another span that it has to do with. */
  readonly link?: TraceHeaders
  readonly attributes?: SpanAttributes
}

/** One step of the work on a request, in its trace. */
export interface Span {
  /** To pass on: what is done elsewhere is a child of this span. */
  readonly headers: TraceHeaders
  rename(name: string): void
  set(attributes: SpanAttributes): void
  /** Does some work whose spans are children of this one. */
  run<T>(work: () => T): T
  /** Ends it, with what it failed by. */
  end(error?: ErrorKind): void
}

export interface Tracing {
  start(name: string, options?: SpanOptions): Span
  /**
   * Tells of a step that is over, as a child of the span in whose work this is called; of none outside of such work.
   * @param from its begin and its end, of `performance.now()`
   */
  record(name: string, from: number, to: number): void
}

/** Tells nothing, and passes on what the caller sent. */
export const noTracing: Tracing = {
  start: (_name, { parent = {} } = {}) => ({
    headers: parent,
    rename: () => undefined,
    set: () => undefined,
    run: (work) => work(),
    end: () => undefined,
  }),
  record: () => undefined,
}

/** `version-traceid-parentid-flags`; neither id may be all zeros, and no version is `ff` (W3C Trace Context, 3.2.2). */
const wellFormed = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/** W3C Trace Context headers to pass on; empty when the caller sent none that is well formed. */
export function traceContext(header: (name: string) => string | undefined): TraceHeaders {
  const traceparent = header('traceparent')
  if (!traceparent || !wellFormed.test(traceparent)) return {}
  const tracestate = header('tracestate')
  return tracestate && /^[\x20-\x7E]{1,512}$/.test(tracestate)
    ? { traceparent, tracestate }
    : { traceparent }
}

/**
 * The trace that headers belong to, 32 hexadecimal digits.
 * @param headers well formed
 */
export const traceIdOf = ({ traceparent }: TraceHeaders): string | undefined =>
  traceparent?.slice(3, 35)
