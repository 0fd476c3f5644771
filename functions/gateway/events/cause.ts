import type { EventAttributes } from './incoming-event.ts'
import type { Cause } from './result-event.ts'

/** Attributes that go over from an event to what is made of it: traces, correlation, and the order in a partition. */
const passedOn = ['traceparent', 'tracestate', 'correlationid', 'partitionkey'] as const

/** An event as the cause of a result. Without a trace of its own it has that of the request it came in. */
export function causeOf(event: EventAttributes, trace: Readonly<Record<string, string>>): Cause {
  const { source, id, subject } = event
  const given = passedOn.flatMap((name) => {
    const value = event[name]
    return typeof value === 'string' && value !== '' ? [[name, value]] : []
  })
  const extensions = { ...trace, ...Object.fromEntries(given) }
  return { source, id, extensions, ...(subject !== undefined && { subject }) }
}
