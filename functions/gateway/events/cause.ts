import {
  noTracing,
  type Span,
  type TraceHeaders,
  type Tracing,
  traceContext,
} from '../../platform/telemetry/tracing.ts'
import type { EventAttributes } from './attributes.ts'
import type { Cause } from './result-event.ts'

/** Attributes that go over from an event to what is made of it, besides its trace. */
const passedOn = ['correlationid', 'partitionkey'] as const

const textOf = (event: EventAttributes, name: string): string | undefined => {
  const value = event[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/**
 * The work on an event, in the event's own trace, linked to the request that it came in. Without a trace of its own it
 * is a part of the request.
 */
export function startWork(tracing: Tracing, event: EventAttributes, request: TraceHeaders): Span {
  const own = traceContext((name) => textOf(event, name))
  // The span of the request goes on.
  if (!own.traceparent) return noTracing.start('', { parent: request })
  return tracing.start('process event', { kind: 'consumer', parent: own, link: request })
}

/** An event as the cause of a result, which has the trace of the work on it. */
export function causeOf(event: EventAttributes, trace: TraceHeaders): Cause {
  const { source, id, subject } = event
  const given = passedOn.flatMap((name) => {
    const value = textOf(event, name)
    return value === undefined ? [] : [[name, value]]
  })
  const extensions = { ...trace, ...Object.fromEntries(given) }
  return { source, id, extensions, ...(subject !== undefined && { subject }) }
}
