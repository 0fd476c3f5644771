import type { Attributes, Meter } from '@opentelemetry/api'
import type { Definition, Labels, LabelsOf } from './definitions.ts'

export type Definitions = Readonly<Record<string, Definition>>

/** The labels of a value; none need be given where the metric has none. */
type Labelled<L extends Labels> = keyof L extends never ? [] : [labels: LabelsOf<L>]

export interface Instrument<L extends Labels> {
  /** Adds to a counter, or puts a value into a histogram. */
  record(value: number, ...labels: Labelled<L>): void
  /** Has a gauge or a total ask for its values. What was told once and no longer is counts as 0. */
  observe(ask: (tell: (value: number, ...labels: Labelled<L>) => void) => void): void
}

export type Instruments<D extends Definitions> = {
  readonly [K in keyof D]: D[K] extends Definition<infer L> ? Instrument<L> : never
}

export interface Metrics<D extends Definitions> {
  readonly instruments: Instruments<D>
  /** Records all from now on, and what was recorded before. */
  attach(meter: Meter): void
  /** Records nothing any more. */
  discard(): void
}

/** So much is kept until there is a meter, which is there within seconds. */
const mostKept = 10_000

/**
 * Instruments that can be used before OpenTelemetry is loaded, which takes longer than all else at the start of a
 * service.
 */
export function createMetrics<const D extends Definitions>(definitions: D): Metrics<D> {
  let meter: Meter | 'none' | undefined
  let kept: Array<(meter: Meter) => void> = []
  const withMeter = (use: (meter: Meter) => void) => {
    if (typeof meter === 'object') use(meter)
    else if (meter === undefined && kept.length < mostKept) kept.push(use)
  }
  const entries = Object.entries(definitions).map(([key, definition]) => [
    key,
    definition.kind === 'counter' || definition.kind === 'histogram'
      ? recorded(definition, withMeter)
      : observed(definition, withMeter),
  ])
  return {
    instruments: Object.fromEntries(entries),
    attach(given) {
      meter = given
      for (const use of kept) use(given)
      kept = []
    },
    discard() {
      meter = 'none'
      kept = []
    },
  }
}

type WithMeter = (use: (meter: Meter) => void) => void
type AnyInstrument = Instrument<Record<string, { atMost: number }>>

function recorded(definition: Definition, withMeter: WithMeter): AnyInstrument {
  const bounded = createBounds(definition.labels)
  let record: ((value: number, attributes: Attributes) => void) | undefined
  const start = (meter: Meter) => {
    const { name, help: description, buckets, kind } = definition
    if (kind === 'counter') {
      const counter = meter.createCounter(name, { description, unit: unitOf(name) })
      return counter.add.bind(counter)
    }
    const advice = { explicitBucketBoundaries: [...(buckets ?? [])] }
    const histogram = meter.createHistogram(name, { description, unit: unitOf(name), advice })
    return histogram.record.bind(histogram)
  }
  // Even one that is never used is seen.
  withMeter((meter) => {
    record = start(meter)
    if (definition.kind === 'counter' && Object.keys(definition.labels).length === 0) record(0, {})
  })
  return {
    record(value, labels?: object) {
      const attributes = bounded(labels)
      if (record) record(value, attributes)
      else withMeter(() => record?.(value, attributes))
    },
    observe: () => wrongUse(definition),
  }
}

function observed(definition: Definition, withMeter: WithMeter): AnyInstrument {
  const bounded = createBounds(definition.labels)
  const told = new Map<string, Attributes>()
  return {
    record: () => wrongUse(definition),
    observe(ask) {
      withMeter((meter) => {
        const { name, help: description, kind } = definition
        const options = { description, unit: unitOf(name) }
        const instrument =
          kind === 'gauge'
            ? meter.createObservableGauge(name, options)
            : meter.createObservableCounter(name, options)
        instrument.addCallback((result) => {
          const sums = new Map<string, number>()
          ask((value, labels?: object) => {
            const attributes = bounded(labels)
            const key = JSON.stringify(attributes)
            told.set(key, attributes)
            sums.set(key, (sums.get(key) ?? 0) + value)
          })
          // The SDK would repeat the last value of what is no longer there.
          for (const [key, attributes] of told) {
            const sum = sums.get(key)
            if (sum !== undefined || kind === 'gauge') result.observe(sum ?? 0, attributes)
          }
        })
      })
    },
  }
}

function wrongUse({ name, kind }: Definition): never {
  throw new Error(`${name} is a ${kind}`)
}

/** Makes attributes of labels, with `other` for values beyond those that there may be. */
function createBounds(labels: Labels): (given?: object) => Attributes {
  const bounds = Object.entries(labels).map(([name, values]) => {
    const known = new Set('atMost' in values ? [] : values)
    const room = 'atMost' in values ? values.atMost : known.size
    const bound = (value: string) => {
      if (!known.has(value) && known.size < room) known.add(value)
      return known.has(value) ? value : 'other'
    }
    return { name, bound }
  })
  return (given = {}) => {
    const values = new Map<string, unknown>(Object.entries(given))
    const attributes: Attributes = {}
    for (const { name, bound } of bounds) {
      const value = values.get(name)
      if (value !== undefined) attributes[name] = bound(String(value))
    }
    return attributes
  }
}

/** The unit of OpenTelemetry that a name ends with (UCUM). */
function unitOf(name: string): string {
  if (name.endsWith('.seconds')) return 's'
  return name.endsWith('.bytes') ? 'By' : ''
}
