import { OcrError, toOcrError } from '../../contract/errors.ts'
import { createAdmission } from '../../platform/admission.ts'
import { createDeadline } from '../../platform/deadline.ts'
import type { Log } from '../../platform/log.ts'
import { createSlots } from '../../platform/slots.ts'
import type { OutgoingEvent, Place } from '../events/outgoing-event.ts'
import type { ObserveDelivery } from './delivery-observer.ts'
import type { Sink } from './sink.ts'

/** Deliveries at once. One keeps its slot between its attempts, so that a sink in trouble is asked less. */
export const deliveriesAtOnce = 8

/** Longer than all attempts of the default settings take. */
const longestDeliveryMs = 600_000

const full = {
  kind: 'overloaded',
  message: 'Too many results wait to be delivered; send the request again later.',
} as const

export interface Outbox {
  /**
   * Takes a place before the work begins, so that its result will have room.
   * @param caller whose it is: callers share the places, and their results are delivered in turn
   * @throws OcrError `overloaded` or `not_ready`, with `retryAfterSeconds`
   */
  reserve(caller?: string): Place
  /**
   * Takes no further places, and waits until those that are held have been given back; after `graceMs` it gives up the
   * rest and logs how many.
   */
  drain(graceMs: number): Promise<void>
  /** Places that are taken. */
  readonly results: number
  readonly limit: number
}

interface OutboxOptions {
  readonly sink: Pick<Sink, 'send'>
  /** Places. So many events of up to `OCR_EVENT_MAX_BYTES` are in memory at most. */
  readonly limit: number
  readonly log: Pick<Log, 'error'>
  readonly observe?: ObserveDelivery
  /** After so long a result is given up, from when it is handed over, its wait for others included. */
  readonly timeoutMs?: number
}

/** Delivers results after the caller has been answered. It lives in memory only: what a crash interrupts is lost. */
export function createOutbox(options: OutboxOptions): Outbox {
  const { limit, log } = options
  const admission = createAdmission({ limit, refusal: full })
  const deliveries = new Set<Promise<void>>()
  const stop = new AbortController()
  const drained = Promise.withResolvers<void>()
  let isDraining = false

  const endWhenEmpty = () => {
    if (isDraining && admission.admitted === 0) drained.resolve()
  }
  const deliver = createDeliver(options, stop.signal)
  const send = async (event: OutgoingEvent, caller?: string) => {
    const delivery = deliver(event, caller)
    deliveries.add(delivery)
    await delivery
    deliveries.delete(delivery)
  }

  return {
    limit,
    get results() {
      return admission.admitted
    },
    reserve(caller) {
      if (isDraining) {
        const message = 'The service is stopping; send the request again.'
        throw new OcrError('not_ready', message, { retryAfterSeconds: 1 })
      }
      const held = admission.admit(caller)
      const giveBack = () => {
        held[Symbol.dispose]()
        endWhenEmpty()
      }
      return placeOf(giveBack, stop.signal, (event) => send(event, caller))
    },
    async drain(graceMs) {
      isDraining = true
      endWhenEmpty()
      const timeout = setTimeout(drained.resolve, graceMs)
      await drained.promise
      clearTimeout(timeout)
      const lost = admission.admitted
      if (lost === 0) return
      stop.abort(new OcrError('not_ready', 'The service is stopping.'))
      await Promise.all(deliveries)
      log.error({ lost }, 'stopped before all results were delivered')
    },
  }
}

/** A delivery never rejects: what it fails by is in the log. */
function createDeliver(options: OutboxOptions, stopping: AbortSignal) {
  const { sink, log, observe = unobserved, timeoutMs = longestDeliveryMs } = options
  const slots = createSlots(deliveriesAtOnce)
  return async (event: OutgoingEvent, caller?: string): Promise<void> => {
    using deadline = createDeadline('Delivering the result', timeoutMs, stopping)
    try {
      await observe(event, async (observed) => {
        using _slot = await slots.acquire(deadline.signal, caller)
        await sink.send(observed, deadline.signal)
      })
    } catch (error) {
      logLoss(log, event, toOcrError(error))
    }
  }
}

/** A place for one event, which is given back once: when that is delivered, or when there is none. */
function placeOf(
  giveBack: () => void,
  signal: AbortSignal,
  send: (event: OutgoingEvent) => Promise<void>,
): Place {
  let isFree = true
  return {
    signal,
    send(event) {
      if (!isFree) throw new Error('The place has had its event, or was given back')
      isFree = false
      void send(event).then(giveBack)
    },
    [Symbol.dispose]() {
      if (!isFree) return
      isFree = false
      giveBack()
    },
  }
}

const unobserved: ObserveDelivery = (event, deliver) => deliver(event)

function logLoss(log: Pick<Log, 'error'>, { id, type }: OutgoingEvent, error: OcrError): void {
  log.error({ event: { id, type }, kind: error.kind, err: error }, 'result not delivered')
}
