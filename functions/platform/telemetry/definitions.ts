/** What a metric is called, what it tells and by what it is told apart; the tables of the services hold all of them. */
export interface Definition<L extends Labels = Labels> {
  /**
   * counter: a sum that is added to. histogram: values, by buckets. gauge: a value now, and total: a sum kept elsewhere;
   * both are asked for when somebody looks.
   */
  readonly kind: 'counter' | 'histogram' | 'gauge' | 'total'
  /** With dots, and its unit at the end: nothing is appended to it but `_total` for a sum. */
  readonly name: string
  readonly help: string
  readonly labels: L
  /** Upper bounds of the buckets of a histogram. */
  readonly buckets?: readonly number[]
}

/**
 * The values that each label can have: those that are listed, or the first so many that come. Any other is `other`, so
 * that no caller can make more series than there are here.
 */
export type Labels = Readonly<Record<string, LabelValues>>
type LabelValues = readonly string[] | { readonly atMost: number }
export type LabelsOf<L extends Labels> = {
  readonly [K in keyof L]: (L[K] extends readonly (infer V)[] ? V : string) | undefined
}

type Description<L extends Labels> = Omit<Definition<L>, 'kind' | 'labels' | 'buckets'> & {
  readonly labels?: L
}

const define =
  (kind: Definition['kind']) =>
  <const L extends Labels = Record<never, never>>(description: Description<L>): Definition<L> => ({
    kind,
    ...description,
    // biome-ignore lint/suspicious/noExplicitAny: L is empty where there are none
    labels: description.labels ?? ({} as any),
  })

export const counter = define('counter')
export const gauge = define('gauge')
export const total = define('total')

/** @param description has the upper bounds of its buckets, in the unit that the name ends with */
export const histogram = <const L extends Labels = Record<never, never>>({
  buckets,
  ...description
}: Description<L> & { readonly buckets: readonly number[] }): Definition<L> => ({
  ...define('histogram')(description),
  buckets,
})

/** From a short line to the longest document. */
export const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]

/** The name as Prometheus has it; a histogram adds `_bucket`, `_sum` and `_count`. */
export const exposedName = ({ kind, name }: Pick<Definition, 'kind' | 'name'>): string =>
  name.replace(/\W+/g, '_') + (kind === 'counter' || kind === 'total' ? '_total' : '')

/** Names of all series of a metric. */
export function seriesOf(definition: Pick<Definition, 'kind' | 'name'>): string[] {
  const name = exposedName(definition)
  return definition.kind === 'histogram'
    ? ['_bucket', '_sum', '_count'].map((suffix) => name + suffix)
    : [name]
}
