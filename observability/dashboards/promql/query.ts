import { type Labels, seriesOf } from '../../../functions/platform/telemetry/definitions.ts'
import { type LabelName, type Metric, nameOf } from './metric.ts'
import { selector, type Where } from './selector.ts'

interface Choice<L extends Labels> {
  /** Labels by which the result is told apart; without them it is one series. */
  readonly by?: ReadonlyArray<LabelName<L>>
  readonly where?: Where<L>
}

interface WindowedChoice<L extends Labels> extends Choice<L> {
  /** A duration, or a variable of Grafana that is one. */
  readonly over?: string
}

/** A few times as long as the interval of fetching, and no shorter than a point of the graph is wide. */
const rateInterval = '$__rate_interval'

/** How often per second: the growth of a counter, or of the number of values in a histogram. */
export const rateOf = <L extends Labels>(metric: Metric<L>, choice: WindowedChoice<L> = {}) =>
  growth('rate', metric, countSeries(metric), choice)

/**
 * How often in that time. Where a pod comes for one request and goes, increase() sees nothing, since a series begins with
 * what it has; so one that is new counts with all of it. New is what was not there for a while before.
 */
export function countOf<L extends Labels>(
  metric: Metric<L>,
  { by = [], where, over }: WindowedChoice<L> & { readonly over: string },
): string {
  const counted = selector(metric, countSeries(metric), where)
  const before = `last_over_time(${counted}[6h] offset ${over})`
  const ofNew = `last_over_time(${counted}[${over}]) unless ${before}`
  return aggregate('sum', by, `(${ofNew}) or increase(${counted}[${over}])`)
}

/** The sum of the values that come into a histogram, per second. */
export const amountRateOf = <L extends Labels>(metric: Metric<L>, choice: WindowedChoice<L> = {}) =>
  growth('rate', metric, histogramSeries(metric).sum, choice)

/** The mean of the values in a histogram. */
export const meanOf = <L extends Labels>(metric: Metric<L>, choice: WindowedChoice<L> = {}) =>
  `${amountRateOf(metric, choice)} / ${rateOf(metric, choice)}`

/** The value that this share of the values in a histogram does not exceed, as exactly as its buckets tell. */
export function quantileOf<L extends Labels>(
  share: number,
  metric: Metric<L>,
  choice: WindowedChoice<L> = {},
): string {
  const { bucket } = histogramSeries(metric)
  return `histogram_quantile(${share}, ${growth('rate', metric, bucket, choice, ['le'])})`
}

/** How many values came into each bucket of a histogram; for a heatmap. */
export const bucketsOf = <L extends Labels>(metric: Metric<L>, choice: WindowedChoice<L> = {}) =>
  growth('increase', metric, histogramSeries(metric).bucket, choice, ['le'])

type Aggregation = 'sum' | 'max' | 'count'

/** What a gauge tells now, of all pods together. */
export function gaugeOf<L extends Labels>(
  metric: Metric<L>,
  { by = [], where, take = 'sum' }: Choice<L> & { readonly take?: Aggregation } = {},
): string {
  return aggregate(take, by, seriesWith(metric, where))
}

/** The series of a metric that is no histogram, as they are. */
export function seriesWith<L extends Labels>(metric: Metric<L>, where?: Where<L>): string {
  if (metric.definition.kind === 'histogram') return wrongKind(metric)
  return joined(metric, selector(metric, nameOf(metric), where))
}

/** The sum of what a recording rule has counted, in that time. */
export const totalOf = <L extends Labels>(metric: Metric<L>, over: string) =>
  aggregate('sum', [], `sum_over_time(${seriesWith(metric)}[${over}])`)

/** How much of a limit is used by the pod that uses most of it, from 0 to 1. */
export const fullest = <L extends Labels>(
  used: Metric<L>,
  limit: Metric<L>,
  by: ReadonlyArray<LabelName<L>> = [],
) => aggregate('max', by, `${seriesWith(used)} / ${seriesWith(limit)}`)

/** 0 instead of nothing, since a counter has no series before it counts. */
export const orZero = (query: string) => `(${query} or vector(0))`

/** What part the first is of the second, from 0 to 1; nothing where there was nothing. */
export const shareOf = (part: string, whole: string) => `${orZero(part)} / (${whole} > 0)`

export const largestFirst = (query: string) => `sort_desc(${query})`

export const aggregate = (operator: Aggregation, by: readonly string[], query: string) =>
  by.length === 0 ? `${operator}(${query})` : `${operator} by (${by.join(', ')}) (${query})`

function growth<L extends Labels>(
  function_: 'rate' | 'increase',
  metric: Metric<L>,
  series: string,
  { by = [], where, over = rateInterval }: WindowedChoice<L>,
  alsoBy: readonly string[] = [],
): string {
  const grown = `${function_}(${selector(metric, series, where)}[${over}])`
  return aggregate('sum', [...alsoBy, ...by], joined(metric, grown))
}

const joined = <L extends Labels>({ choice }: Metric<L>, query: string) =>
  choice.join ? `${query} ${choice.join}` : query

function countSeries<L extends Labels>(metric: Metric<L>): string {
  const { definition } = metric
  if (definition.kind === 'histogram') return histogramSeries(metric).count
  return definition.kind === 'gauge' ? wrongKind(metric) : nameOf(metric)
}

function histogramSeries<L extends Labels>(metric: Metric<L>) {
  const [bucket, sum, count] = seriesOf(metric.definition)
  return bucket && sum && count ? { bucket, sum, count } : wrongKind(metric)
}

function wrongKind<L extends Labels>({ definition: { name, kind } }: Metric<L>): never {
  throw new Error(`${name} is a ${kind}: it cannot be asked that`)
}
