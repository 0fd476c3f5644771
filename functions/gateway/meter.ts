import type { Format } from '../contract/answer-formats.ts'
import type { AnswerMemory } from '../platform/answer-memory.ts'
import type { StepEnd } from '../platform/observed-step.ts'
import type { Scheme } from './claim/reference.ts'
import { type GatewayInstruments, gatewayMetrics } from './metrics.ts'
import type { Outbox } from './sink/outbox.ts'
import type { InferenceClient } from './upstream/inference-client.ts'
import type { Operation } from './upstream/observed-client.ts'

/** What became of an event: its document was read, can never be read, or is to be sent again. */
export type EventOutcome = 'recognized' | 'failed' | 'retried'

/** What happens in the gateway, for its metrics; each part is given what it has to tell. */
export interface GatewayMeter {
  /** A document was taken in. */
  onDocument(source: 'request' | 'event' | 'reference', bytes: number): void
  /** A document was read for an answer. */
  onAnswer(format: Format, options: { readonly isComplete: boolean }): void
  /** A request with an event has ended. */
  onEvent(outcome: EventOutcome): void
  /** An event came that was known. */
  onDuplicate(): void
  onModelCall(operation: Operation, end: StepEnd): void
  onModelRetry(): void
  /** A result was delivered to the sink, or given up. */
  onDelivery(end: StepEnd): void
  onFetch(scheme: Scheme | undefined, end: StepEnd): void
}

export function createGatewayMeter(instruments: GatewayInstruments): GatewayMeter {
  const { documentSize, answers, events, eventDuplicates, modelDuration, modelRetries } =
    instruments
  const { deliveryDuration, fetchDuration } = instruments
  return {
    onDocument: (source, bytes) => documentSize.record(bytes, { source }),
    onAnswer: (format, { isComplete }) =>
      answers.record(1, { format, complete: isComplete ? 'true' : 'false' }),
    onEvent: (outcome) => events.record(1, { outcome }),
    onDuplicate: () => eventDuplicates.record(1),
    onModelCall: (operation, { seconds, error }) =>
      modelDuration.record(seconds, { operation, error_type: error }),
    onModelRetry: () => modelRetries.record(1),
    onDelivery: ({ seconds, error }) =>
      deliveryDuration.record(seconds, { outcome: error ? 'lost' : 'delivered' }),
    onFetch: (scheme, { seconds, error }) =>
      fetchDuration.record(seconds, { scheme, error_type: error }),
  }
}

interface Parts {
  readonly inferenceClient: Pick<InferenceClient, 'circuitState'>
  readonly answers: Pick<AnswerMemory, 'heldBytes' | 'limitBytes'>
  /** Undefined without a sink. */
  readonly outbox: Pick<Outbox, 'results' | 'limit'> | undefined
}

/** Shows what the parts of the gateway hold now. */
export function observeParts(instruments: GatewayInstruments, parts: Parts): void {
  const { inferenceClient, answers, outbox } = parts
  instruments.circuit.observe((tell) => {
    for (const state of gatewayMetrics.circuit.labels.state) {
      tell(inferenceClient.circuitState === state ? 1 : 0, { state })
    }
  })
  instruments.answerBytes.observe((tell) => tell(answers.heldBytes))
  instruments.answerLimit.observe((tell) => tell(answers.limitBytes))
  if (!outbox) return
  instruments.outboxResults.observe((tell) => tell(outbox.results))
  instruments.outboxLimit.observe((tell) => tell(outbox.limit))
}
