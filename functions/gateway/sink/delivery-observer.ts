import { observeStep, type StepEnd } from '../../platform/observed-step.ts'
import { type Tracing, traceContext } from '../../platform/telemetry/tracing.ts'
import type { OutgoingEvent } from '../events/outgoing-event.ts'

/** Sees a delivery from when the event is handed over; what is delivered is the event as it gives it. */
export type ObserveDelivery = (
  event: OutgoingEvent,
  deliver: (event: OutgoingEvent) => Promise<void>,
) => Promise<void>

interface ObserverOptions {
  readonly tracing: Tracing
  /** Is told of every delivery when it has ended. */
  readonly onDelivery: (end: StepEnd) => void
}

/** Has deliveries counted, and has each be a step in the trace of its event: whoever gets the event goes on with it. */
export const createDeliveryObserver =
  ({ tracing, onDelivery }: ObserverOptions): ObserveDelivery =>
  (event, deliver) => {
    const span = tracing.start('send result', {
      kind: 'producer',
      parent: traceContext((name) => event.extensions[name]),
      attributes: { 'cloudevents.event_type': event.type },
    })
    const extensions = { ...event.extensions, ...span.headers }
    return observeStep({ span, onEnd: onDelivery }, () => deliver({ ...event, extensions }))
  }
