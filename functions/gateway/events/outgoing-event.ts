import { encodeHeader } from './header-values.ts'
import type { EventMode } from './incoming-event.ts'

/** An event of ours. */
export interface OutgoingEvent {
  readonly id: string
  readonly source: string
  readonly type: string
  readonly subject?: string
  /** RFC 3339. */
  readonly time: string
  /** JSON, as text: what is remembered, or waits to be sent, takes the least memory so. */
  readonly data: string
  readonly extensions: Readonly<Record<string, string>>
}

/** Room for one result on its way to the sink; dispose of it when there will be none. */
export interface Place extends Disposable {
  /** Aborts when results can no longer be sent, for the work that makes this one. */
  readonly signal: AbortSignal
  /**
   * Hands the result over and returns at once. The place is kept until it is delivered or given up, whether it is
   * disposed of or not. A place takes one event.
   */
  send(event: OutgoingEvent): void
}

/** An event as HTTP carries it. */
export interface EventMessage {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Writes an event (CloudEvents 1.0, HTTP binding and JSON format). */
export async function writeEvent(event: OutgoingEvent, mode: EventMode): Promise<EventMessage> {
  const { CloudEvent, HTTP } = await import('./sdk.ts')
  const { extensions, data, ...attributes } = event
  const cloudEvent = new CloudEvent({
    ...extensions,
    ...attributes,
    data: mode === 'structured' ? JSON.parse(data) : data,
    datacontenttype: 'application/json',
  })
  const { headers, body } = HTTP[mode](cloudEvent)
  const entries = Object.entries(headers).map(([name, value]) => {
    const text = String(value)
    return [name, name.startsWith('ce-') ? encodeHeader(text) : text]
  })
  return { headers: Object.fromEntries(entries), body: String(body) }
}
