import { type ReadHeader, traceContext } from '../../platform/access-log.ts'
import type { EventAttributes } from './attributes.ts'
import type { Cause } from './result-event.ts'

/** Attributes that go over from an event to what is made of it, besides its trace. */
const passedOn = ['correlationid', 'partitionkey'] as const

/** An event as the cause of a result. Without a trace of its own it has that of the request it came in. */
export function causeOf(event: EventAttributes, header: ReadHeader): Cause {
  const { source, id, subject } = event
  const textOf = (name: string) => {
    const value = event[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const ownTrace = traceContext(textOf)
  const given = passedOn.flatMap((name) => {
    const value = textOf(name)
    return value === undefined ? [] : [[name, value]]
  })
  const trace = ownTrace.traceparent ? ownTrace : traceContext(header)
  const extensions = { ...trace, ...Object.fromEntries(given) }
  return { source, id, extensions, ...(subject !== undefined && { subject }) }
}
