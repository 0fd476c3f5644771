import type { Attributes, Meter, Observable, ObservableResult } from '@opentelemetry/api'
import {
  type Definitions,
  isRecorded,
  type Labels,
  type LabelsOf,
  type ObservedDefinition,
  type RecordedDefinition,
} from './definitions.ts'
import { createLabelBounds, type GivenLabels } from './label-bounds.ts'
import { createMeterSlot, type MeterSlot } from './meter-slot.ts'

/** The labels of a value; none need be given where the metric has none. */
type Labelled<L extends Labels> = keyof L extends never ? [] : [labels: LabelsOf<L>]

export interface Recorded<L extends Labels> {
  /** Adds to a counter, or puts a value into a histogram. */
  record(value: number, ...labels: Labelled<L>): void
}

export interface Observed<L extends Labels> {
  /**
   * Has a gauge or a total ask for its values, which are summed up where their labels are the same. A gauge that was told
   * once and no longer is counts as 0.
   */
  observe(ask: (tell: (value: number, ...labels: Labelled<L>) => void) => void): void
}

export type Instruments<D extends Definitions> = {
  readonly [K in keyof D]: D[K] extends RecordedDefinition<infer L>
    ? Recorded<L>
    : D[K] extends ObservedDefinition<infer L>
      ? Observed<L>
      : never
}

export interface Metrics<D extends Definitions> extends Pick<MeterSlot, 'attach' | 'discard'> {
  readonly instruments: Instruments<D>
}

/**
 * Instruments that can be used before OpenTelemetry is loaded, which takes longer than all else at the start of a
 * service.
 */
export function createMetrics<const D extends Definitions>(definitions: D): Metrics<D> {
  const slot = createMeterSlot()
  const entries = Object.entries(definitions).map(([key, definition]) => [
    key,
    isRecorded(definition) ? recorded(definition, slot) : observed(definition, slot),
  ])
  const { attach, discard } = slot
  return { instruments: Object.fromEntries(entries), attach, discard }
}

type AnyLabels = Record<string, { atMost: number }>
type Ask = Parameters<Observed<AnyLabels>['observe']>[0]
type Put = (value: number, attributes: Attributes) => void

function recorded(definition: RecordedDefinition, slot: MeterSlot): Recorded<AnyLabels> {
  const { kind, labels } = definition
  const bounded = createLabelBounds(labels)
  let put: Put | undefined
  slot.use((meter) => {
    put = putterOf(definition, meter)
    // Even one that never counted anything is seen.
    if (kind === 'counter' && Object.keys(labels).length === 0) put(0, {})
  })
  return {
    record(value, given: GivenLabels = {}) {
      if (put) put(value, bounded(given))
      else slot.keep(() => put?.(value, bounded(given)))
    },
  }
}

function putterOf({ kind, name, help, buckets = [] }: RecordedDefinition, meter: Meter): Put {
  const options = { description: help, unit: unitOf(name) }
  if (kind === 'counter') {
    const counter = meter.createCounter(name, options)
    return (value, attributes) => counter.add(value, attributes)
  }
  const advice = { explicitBucketBoundaries: [...buckets] }
  const histogram = meter.createHistogram(name, { ...options, advice })
  return (value, attributes) => histogram.record(value, attributes)
}

function observed(definition: ObservedDefinition, slot: MeterSlot): Observed<AnyLabels> {
  const { kind, labels } = definition
  const bounded = createLabelBounds(labels)
  const told = new Map<string, Attributes>()
  const answer = (ask: Ask, result: ObservableResult) => {
    const sums = new Map<string, number>()
    ask((value, given: GivenLabels = {}) => {
      const attributes = bounded(given)
      const series = JSON.stringify(attributes)
      told.set(series, attributes)
      sums.set(series, (sums.get(series) ?? 0) + value)
    })
    for (const [series, attributes] of told) {
      const sum = sums.get(series)
      if (sum !== undefined || kind === 'gauge') result.observe(sum ?? 0, attributes)
    }
  }
  return {
    observe: (ask) =>
      slot.use((meter) =>
        observableOf(definition, meter).addCallback((result) => answer(ask, result)),
      ),
  }
}

function observableOf({ kind, name, help }: ObservedDefinition, meter: Meter): Observable {
  const options = { description: help, unit: unitOf(name) }
  return kind === 'gauge'
    ? meter.createObservableGauge(name, options)
    : meter.createObservableCounter(name, options)
}

/** The unit of OpenTelemetry that a name ends with (UCUM). */
function unitOf(name: string): string {
  if (name.endsWith('.seconds')) return 's'
  return name.endsWith('.bytes') ? 'By' : ''
}
