import { setTimeout as pause } from 'node:timers/promises'
import { CloudEvent, HTTP } from 'cloudevents'
import { eventTypes } from '../../functions/contract/events.ts'
import { createSlots } from '../../functions/platform/slots.ts'

type Bytes = Uint8Array<ArrayBuffer>
type Mode = 'binary' | 'structured'

/** An event with a document as its data; nobody checks whether it is a valid one. */
export const submitted = (attributes: object, document?: Bytes): CloudEvent<Bytes> =>
  new CloudEvent(
    {
      type: eventTypes.submitted,
      source: '/scans',
      datacontenttype: 'image/png',
      ...attributes,
      ...(document && { data: document }),
    },
    false,
  )

/** An event as a request carries it. */
export function messageOf(event: CloudEvent<Bytes>, mode: Mode = 'binary') {
  const headers = Object.entries(HTTP[mode](event).headers)
  return {
    method: 'POST',
    headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
    body: mode === 'binary' ? (event.data ?? null) : event.toString(),
  }
}

/** The event that a message holds, if there is one and it is valid. */
export function eventIn(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: string,
): CloudEvent<unknown> | undefined {
  try {
    const event = HTTP.toEvent({ headers, body })
    return Array.isArray(event) ? undefined : new CloudEvent(event)
  } catch {
    return undefined
  }
}

/** What became of an event. */
export interface Delivery {
  readonly event: CloudEvent<Bytes>
  /** How each attempt ended, as the broker sees it. */
  readonly statuses: readonly number[]
  readonly reply: CloudEvent<unknown> | undefined
  /** What the event has besides in the dead-letter sink; undefined if it is not there. */
  readonly deadLetter:
    | { readonly knativeerrorcode: number; readonly knativeerrordata: string }
    | undefined
}

export interface Broker {
  /** Delivers an event, and ends when it is done, answered or in the dead-letter sink. */
  publish(event: CloudEvent<Bytes>): Promise<Delivery>
}

interface BrokerOptions {
  /** URL that events are delivered to. */
  readonly subscriber: string
  /** Attempts after the first one. */
  readonly retries: number
  /** Wait before the first retry, in milliseconds; it doubles with each. */
  readonly backoffMs: number
  /** Time for an attempt. */
  readonly timeoutMs: number
  /** Events under way at once, their waits included. */
  readonly concurrency: number
}

interface Attempt {
  readonly status: number
  readonly body: string
  readonly reply?: CloudEvent<unknown>
}

/** Does to a subscriber what Knative's multi-tenant broker does, with one trigger; its waits can be shorter. */
export function createBroker(options: BrokerOptions): Broker {
  const { retries, backoffMs, concurrency } = options
  const slots = createSlots(concurrency)
  const { signal: never } = new AbortController()

  async function deliver(event: CloudEvent<Bytes>): Promise<Delivery> {
    const statuses: number[] = []
    for (let retry = 0; ; retry++) {
      const { status, body, reply } = await attempt(event, options)
      statuses.push(status)
      if (isRetried(status) && retry < retries) {
        await pause(backoffMs * 2 ** retry)
        continue
      }
      const isTaken = status >= 200 && status < 300
      const deadLetter = isTaken ? undefined : errorExtensions(status, body)
      return { event, statuses, reply, deadLetter }
    }
  }

  return {
    async publish(event) {
      using _slot = await slots.acquire(never)
      return await deliver(event)
    },
  }
}

async function attempt(
  event: CloudEvent<Bytes>,
  { subscriber, timeoutMs }: BrokerOptions,
): Promise<Attempt> {
  const { headers, ...message } = messageOf(event)
  try {
    const response = await fetch(subscriber, {
      ...message,
      headers: { ...headers, prefer: 'reply' },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const body = await response.text()
    if (!response.ok || body === '') return { status: response.status, body }
    const reply = eventIn(Object.fromEntries(response.headers), body)
    return reply ? { status: response.status, body, reply } : notAnEvent
  } catch (error) {
    return { status: dispatchFailed, body: `dispatch error: ${error}` }
  }
}

/** As the filter tells the dispatcher of an answer that is no event. */
const notAnEvent: Attempt = { status: 502, body: 'a response that is no CloudEvent' }
/** What the dispatcher notes when there was no answer. */
const dispatchFailed = 500

const passing: ReadonlySet<number> = new Set([404, 408, 409, 429])
const isRetried = (status: number): boolean => status >= 500 || passing.has(status)

/** Attributes that the dispatcher adds; longer data is cut off. */
const errorExtensions = (status: number, body: string) => ({
  knativeerrorcode: status,
  knativeerrordata: Buffer.from(body).toString('base64').slice(0, 1024),
})
