import type { Labels } from '../../../functions/platform/telemetry/definitions.ts'
import type { Metric } from '../promql/metric.ts'
import { quantileOf } from '../promql/query.ts'
import type { Where } from '../promql/selector.ts'
import type { Query } from './panel.ts'

/** Lines for the slowest of a hundred, of twenty, and of two. */
export const percentilesOf = <L extends Labels>(
  metric: Metric<L>,
  options: { readonly where?: Where<L> } = {},
): Query[] =>
  [0.99, 0.95, 0.5].map((share) => ({
    expr: quantileOf(share, metric, options),
    legend: `${share * 100} %`,
  }))
