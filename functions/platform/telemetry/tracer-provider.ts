import {
  type Attributes,
  type Context,
  type ContextManager,
  defaultTextMapGetter,
  defaultTextMapSetter,
  type Link,
  ROOT_CONTEXT,
  type Span as SdkSpan,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { type ErrorKind, errorTable } from '../../contract/errors.ts'
import type { Log } from '../log.ts'
import { logDiagnostics } from './diagnostics.ts'
import { type Identity, resourceOf } from './resource.ts'
import type { Span, TraceHeaders, Tracing } from './tracing.ts'

// Loaded only where traces are wanted: see telemetry.ts.

export interface RunningTracer {
  readonly tracing: Tracing
  /** Sends what has not been sent. */
  close(): Promise<void>
}

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
  producer: SpanKind.PRODUCER,
}

interface TracerProviderOptions {
  readonly identity: Identity
  /** Share of the requests that are traced, from 0 to 1, where the caller has not decided. */
  readonly share: number
  readonly log: Pick<Log, 'warn'>
}

export function createTracerProvider({
  identity,
  share,
  log,
}: TracerProviderOptions): RunningTracer {
  logDiagnostics(log)
  const provider = new TracerProvider({
    resource: resourceOf(identity),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
    // Its queue is bounded; what does not fit is dropped.
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  })
  const contexts = new AsyncLocalStorageContextManager().enable()
  const tracer = provider.getTracer('knative-ocr', identity.version)
  return {
    tracing: {
      start(name, { kind, parent, link, attributes } = {}) {
        const options = {
          kind: kind ? kinds[kind] : SpanKind.INTERNAL,
          links: link ? linksTo(link) : [],
          attributes: attributes as Attributes,
          // By the clock of the steps that are recorded; the SDK's own has whole milliseconds.
          startTime: performance.now(),
        }
        const span = tracer.startSpan(name, options, parent ? contextOf(parent) : contexts.active())
        return spanOf(
          span,
          contexts,
          (error) => kind !== 'server' || errorTable[error].status >= 500,
        )
      },
      record(name, from, to) {
        const inside = contexts.active()
        if (trace.getSpan(inside)) tracer.startSpan(name, { startTime: from }, inside).end(to)
      },
    },
    close: () => provider.shutdown(),
  }
}

const propagator = new W3CTraceContextPropagator()

const contextOf = (headers: TraceHeaders): Context =>
  propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter)

function linksTo(headers: TraceHeaders): Link[] {
  const linked = trace.getSpanContext(contextOf(headers))
  return linked ? [{ context: linked }] : []
}

/** @param isFault tells whether an error is this side's; a server is not to blame for what the caller did */
function spanOf(
  span: SdkSpan,
  contexts: ContextManager,
  isFault: (error: ErrorKind) => boolean,
): Span {
  const inside = trace.setSpan(contexts.active(), span)
  const headers: TraceHeaders = {}
  propagator.inject(inside, headers, defaultTextMapSetter)
  return {
    headers,
    rename: (name) => void span.updateName(name),
    set: (attributes) => void span.setAttributes(attributes as Attributes),
    run: (work) => contexts.with(inside, work),
    end(error) {
      if (error) span.setAttribute('error.type', error)
      if (error && isFault(error)) span.setStatus({ code: SpanStatusCode.ERROR })
      span.end(performance.now())
    },
  }
}
