import type { Lifecycle } from '../platform/lifecycle.ts'
import type { Log } from '../platform/log.ts'
import type { Tracing } from '../platform/telemetry/tracing.ts'
import { createClaimCheck } from './claim/claim-check.ts'
import { observeFetch } from './claim/observed-fetch.ts'
import { createEvents, type Events } from './events/events.ts'
import type { GatewayMeter } from './meter.ts'
import type { Recognize } from './recognize.ts'
import type { GatewaySettings } from './settings.ts'
import { createDeliveryObserver } from './sink/delivery-observer.ts'
import { createOutbox, type Outbox } from './sink/outbox.ts'
import { createSink } from './sink/sink.ts'

/** Events with what they need around them: where their documents are, and where their results go. */
export interface Eventing {
  readonly events: Events
  /** Undefined without a sink. */
  readonly outbox: Outbox | undefined
}

interface EventingOptions {
  readonly settings: GatewaySettings
  readonly log: Log
  readonly observing: GatewayMeter & { readonly tracing: Tracing }
  readonly recognize: Recognize
  /** Is given what ends the parts; the last is to be called first. */
  readonly lifecycle: Pick<Lifecycle, 'onStop' | 'graceLeftMs'>
}

/** Puts the parts together. */
export function createEventing(options: EventingOptions): Eventing {
  const { settings, log, observing, recognize, lifecycle } = options
  const claimCheck = createClaimCheck(settings)
  lifecycle.onStop(claimCheck.close)
  const sink = settings.sinkUrl ? createSink(settings) : undefined
  lifecycle.onStop(() => sink?.close())
  const observe = createDeliveryObserver(observing)
  const outbox = sink && createOutbox({ sink, limit: settings.sinkQueue, log, observe })
  lifecycle.onStop(() => outbox?.drain(lifecycle.graceLeftMs(settings.shutdownGraceMs)))
  const events = createEvents({
    ...settings,
    ...observing,
    log,
    recognize,
    fetchDocument: observeFetch(claimCheck.fetch, observing),
    reserve: outbox?.reserve,
    sendResult: sink && ((event, signal) => observe(event, (own) => sink.send(own, signal))),
  })
  return { events, outbox }
}
