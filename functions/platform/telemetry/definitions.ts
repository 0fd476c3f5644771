/** counter: a sum that is added to. histogram: values, by buckets. */
type RecordedKind = 'counter' | 'histogram'
/** gauge: a value now. total: a sum that is kept elsewhere. Both are asked for when somebody looks. */
type ObservedKind = 'gauge' | 'total'
type Kind = RecordedKind | ObservedKind

/** What a metric is called, what it tells and by what it is told apart; the tables of the services hold all of them. */
export interface Definition<L extends Labels = Labels, K extends Kind = Kind> {
  readonly kind: K
  /** With dots, and its unit at the end: nothing is appended to it but `_total` for a sum. */
  readonly name: string
  readonly help: string
  readonly labels: L
  /** Upper bounds of the buckets of a histogram. */
  readonly buckets?: readonly number[]
}

export type RecordedDefinition<L extends Labels = Labels> = Definition<L, RecordedKind>
export type ObservedDefinition<L extends Labels = Labels> = Definition<L, ObservedKind>

export type Definitions = Readonly<Record<string, RecordedDefinition | ObservedDefinition>>

export const isRecorded = (definition: Definition): definition is RecordedDefinition =>
  definition.kind === 'counter' || definition.kind === 'histogram'

/**
 * The values that each label can have: those that are listed, or the first so many that come. Any other is `other`, so
 * that no caller can make more series than there are here.
 */
export type Labels = Readonly<Record<string, LabelValues>>
type LabelValues = readonly string[] | { readonly atMost: number }
/** A label that is undefined is left out. */
export type LabelsOf<L extends Labels> = {
  readonly [K in keyof L]: (L[K] extends readonly (infer V)[] ? V : string) | undefined
}

type NoLabels = Record<never, never>
type Description<L extends Labels> = Pick<Definition, 'name' | 'help'> & { readonly labels?: L }

const define =
  <K extends Kind>(kind: K) =>
  <const L extends Labels = NoLabels>(description: Description<L>): Definition<L, K> => ({
    kind,
    labels: {} as L,
    ...description,
  })

export const counter = define('counter')
export const gauge = define('gauge')
export const total = define('total')

/** @param description has the upper bounds of its buckets, in the unit that the name ends with */
export const histogram = <const L extends Labels = NoLabels>({
  buckets,
  ...description
}: Description<L> & { readonly buckets: readonly number[] }): Definition<L, 'histogram'> => ({
  ...define('histogram')(description),
  buckets,
})

/** From a short line to the longest document. */
export const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]

type Named = Pick<Definition, 'kind' | 'name'>

/** The name as Prometheus has it; a histogram adds `_bucket`, `_sum` and `_count`. */
export const exposedName = ({ kind, name }: Named): string =>
  name.replace(/[\W_]+/g, '_') + (kind === 'counter' || kind === 'total' ? '_total' : '')

/** Names of all series of a metric. */
export function seriesOf(definition: Named): string[] {
  const name = exposedName(definition)
  return definition.kind === 'histogram'
    ? ['_bucket', '_sum', '_count'].map((suffix) => name + suffix)
    : [name]
}
