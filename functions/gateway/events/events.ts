import type { Log } from '../../platform/log.ts'
import type { Values } from '../../platform/settings.ts'
import type { Tracing } from '../../platform/telemetry/tracing.ts'
import type { Recognize } from '../recognize.ts'
import { createDeliveries, type Deliveries } from './deliveries.ts'
import { createOnce, type Once } from './once.ts'
import type { Outcome } from './outcome.ts'
import type { OutgoingEvent, Place } from './outgoing-event.ts'
import { createResultEvents } from './result-event.ts'
import type { eventSettings } from './settings.ts'
import { createSettle, type Settle, type SettleOptions } from './settle.ts'

/** Documents and results as events. */
export interface Events {
  readonly rules: Rules
  readonly settle: Settle
  /** Remembers results: of events that may come again, and for requests that did not wait. */
  readonly once: Once<Outcome>
  /** Sends results of requests to the sink. */
  readonly deliveries: Deliveries
  /** Sends a result to the sink and waits until it is there; undefined without a sink. */
  readonly sendResult: ((event: OutgoingEvent, signal: AbortSignal) => Promise<void>) | undefined
}

type Rules = Values<typeof eventSettings>

interface EventsOptions
  extends Rules,
    Pick<Events, 'sendResult'>,
    Pick<SettleOptions, 'onDocument'> {
  readonly log: Log
  readonly tracing: Tracing
  readonly recognize: Recognize
  readonly fetchDocument: SettleOptions['fetchDocument']
  /** Undefined without a sink. */
  readonly reserve: ((caller?: string) => Place) | undefined
  readonly maxUploadBytes: number
  readonly requestTimeoutMs: number
  /** Is told of an event whose document is not read again. */
  readonly onDuplicate: () => void
}

/** Puts together what takes and makes events. */
export function createEvents(options: EventsOptions): Events {
  const { log, tracing, recognize, fetchDocument, reserve, sendResult } = options
  const { eventSource: source, eventMaxBytes: maxBytes, maxUploadBytes, requestTimeoutMs } = options
  if (options.events === 'open') {
    log.warn('everybody may send events, because OCR_EVENTS is open')
  }
  const resultEvents = createResultEvents({ source, maxBytes })
  const once = createOnce<Outcome>({
    maxBytes: options.rememberedBytes,
    maxAgeMs: options.rememberedMs,
    // Of what is done once, only events come again.
    onShared: options.onDuplicate,
  })
  return {
    rules: options,
    once,
    sendResult,
    settle: createSettle({
      recognize,
      fetchDocument,
      resultEvents,
      maxFileBytes: maxUploadBytes,
      onDocument: options.onDocument,
      onError: ({ kind, cause }, { source, id }) =>
        log.warn(
          { event: { source, id }, kind, cause: cause && String(cause) },
          'event cannot be read',
        ),
    }),
    deliveries: createDeliveries({
      log,
      tracing,
      resultEvents,
      once,
      reserve,
      source,
      timeoutMs: requestTimeoutMs,
    }),
  }
}
