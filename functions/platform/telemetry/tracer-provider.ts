import {
  type Attributes,
  type Context,
  context,
  defaultTextMapGetter,
  defaultTextMapSetter,
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

/** @param options.share of the requests that are traced, from 0 to 1, where the caller has not decided */
export function createTracerProvider(options: {
  readonly identity: Identity
  readonly share: number
}): RunningTracer {
  const { identity, share } = options
  const provider = new TracerProvider({
    resource: resourceOf(identity),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
    // Its queue is bounded; what does not fit is dropped.
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  const tracer = provider.getTracer('knative-ocr', identity.version)
  const propagator = new W3CTraceContextPropagator()

  const contextOf = (headers: TraceHeaders): Context =>
    propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter)
  const linkTo = (headers: TraceHeaders) => {
    const linked = trace.getSpanContext(contextOf(headers))
    return linked ? [{ context: linked }] : []
  }
  const spanOf = (span: SdkSpan): Span => {
    const inside = trace.setSpan(context.active(), span)
    const headers: TraceHeaders = {}
    propagator.inject(inside, headers, defaultTextMapSetter)
    return {
      headers,
      rename: (name) => void span.updateName(name),
      set: (attributes) => void span.setAttributes(attributes as Attributes),
      run: (work) => context.with(inside, work),
      end(error) {
        if (error) {
          span.setAttribute('error.type', error)
          span.setStatus({ code: SpanStatusCode.ERROR })
        }
        span.end()
      },
    }
  }

  return {
    tracing: {
      start(name, { kind, parent, link, attributes } = {}) {
        const options = {
          kind: kind ? kinds[kind] : SpanKind.INTERNAL,
          links: link ? linkTo(link) : [],
          attributes: attributes as Attributes,
        }
        return spanOf(tracer.startSpan(name, options, parent && contextOf(parent)))
      },
      record(name, from, to) {
        tracer.startSpan(name, { startTime: from }).end(to)
      },
    },
    close: () => provider.shutdown(),
  }
}
