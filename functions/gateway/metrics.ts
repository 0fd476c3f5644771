import { formats } from '../contract/answer-formats.ts'
import { errorKinds } from '../contract/errors.ts'
import { counter, gauge, histogram, seconds } from '../platform/telemetry/definitions.ts'
import type { Instruments } from '../platform/telemetry/metrics.ts'
import { serverMetrics } from '../platform/telemetry/server-metrics.ts'

/** Every metric of the gateway. */
export const gatewayMetrics = {
  ...serverMetrics,
  documentSize: histogram({
    name: 'ocr.document.size.bytes',
    help: 'Size of a document that was taken in: from a request, with an event, or fetched for one',
    labels: { source: ['request', 'event', 'reference'] },
    buckets: [10e3, 30e3, 100e3, 300e3, 1e6, 3e6, 10e6, 30e6],
  }),
  answers: counter({
    name: 'ocr.answers',
    help: 'Documents that were answered, by the format of the answer and whether every page was read',
    labels: { format: formats, complete: ['true', 'false'] },
  }),
  modelDuration: histogram({
    name: 'ocr.model.request.duration.seconds',
    help: 'Time of a call of the model, a retry and its start from zero included',
    labels: { operation: ['recognize', 'count_pages', 'metadata'], error_type: errorKinds },
    buckets: seconds,
  }),
  modelRetries: counter({
    name: 'ocr.model.retries',
    help: 'Calls of the model that were made a second time',
  }),
  circuit: gauge({
    name: 'ocr.model.circuit.state',
    help: '1 for the state of the circuit breaker; open: calls are refused, since the model is not there',
    labels: { state: ['closed', 'half_open', 'open'] },
  }),
  answerBytes: gauge({
    name: 'ocr.answers.held.bytes',
    help: 'Bytes of long answers in memory, from the model and to clients',
  }),
  answerLimit: gauge({
    name: 'ocr.answers.held.limit.bytes',
    help: 'Most bytes of long answers in memory; more is answered with 429',
  }),
  events: counter({
    name: 'ocr.events',
    help: 'Events with a document, by what became of it; retried ones are to be sent again',
    labels: { outcome: ['recognized', 'failed', 'retried'] },
  }),
  eventDuplicates: counter({
    name: 'ocr.event.duplicates',
    help: 'Events that had come before, and whose document was not read again',
  }),
  deliveryDuration: histogram({
    name: 'ocr.sink.delivery.duration.seconds',
    help: 'Time until the sink took a result, or until it was given up',
    labels: { outcome: ['delivered', 'lost'] },
    buckets: seconds,
  }),
  outboxResults: gauge({
    name: 'ocr.outbox.results',
    help: 'Results that are to be sent to the sink, those that are still being read included',
  }),
  outboxLimit: gauge({
    name: 'ocr.outbox.results.limit',
    help: 'Most of them; one more request for one is answered with 429',
  }),
  fetchDuration: histogram({
    name: 'ocr.dataref.fetch.duration.seconds',
    help: 'Time for fetching a document that an event names',
    labels: { scheme: ['http', 'https', 's3'], error_type: errorKinds },
    buckets: seconds,
  }),
} as const

export type GatewayInstruments = Instruments<typeof gatewayMetrics>
