import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog'
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common'
import {
  type Panel,
  type ThresholdsConfig,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'
import { datasource } from '../variables.ts'

/** What every panel has. */
export interface PanelText {
  readonly title: string
  /** The question that it answers, and what is to be known for reading it. */
  readonly question: string
  /** One of those in the package's `units`. */
  readonly unit: string
  readonly queries: readonly Query[]
  /** Columns of 24. */
  readonly width: number
  /** Shown where there is nothing to be seen, which is often good news. */
  readonly empty?: string
  readonly limits?: readonly Limit[]
}

export interface Query {
  readonly expr: string
  /** What its series are called; `{{label}}` stands for a label's value. */
  readonly legend: string
}

/** A value from which on a color holds. */
export interface Limit {
  /** Without it the color holds from the lowest value on. */
  readonly from?: number
  readonly color: Color
}

export type Color = 'green' | 'yellow' | 'orange' | 'red' | 'blue'

/** Whether a panel shows how things went in the time range, or one value for all of it. */
type Time = 'range' | 'instant'

/** What the builders of the package have in common, as far as it is used here. */
export interface PanelBuilder extends Builder<Panel> {
  id(id: number): this
  title(title: string): this
  description(description: string): this
  datasource(datasource: DataSourceRef): this
  unit(unit: string): this
  noValue(text: string): this
  interval(interval: string): this
  span(width: number): this
  height(height: number): this
  thresholds(thresholds: Builder<ThresholdsConfig>): this
  targets(targets: Builder<Dataquery>[]): this
}

/** Of every panel, so that rows are even. */
const height = 8

/** As Prometheus fetches, by the chart's values; a rate needs several of them. */
const interval = '30s'

/** Puts into a panel what every panel has. */
export function describe<P extends PanelBuilder>(
  panel: P,
  text: PanelText,
  options: { readonly time?: Time; readonly format?: PromQueryFormat } = {},
): P {
  const { time = 'range', format = PromQueryFormat.TimeSeries } = options
  return panel
    .title(text.title)
    .description(text.question)
    .datasource(datasource)
    .unit(text.unit)
    .noValue(text.empty ?? 'nothing measured')
    .interval(interval)
    .span(text.width)
    .height(height)
    .thresholds(thresholdsOf(text.limits ?? []))
    .targets(text.queries.map((query, index) => targetOf(query, { index, time, format })))
}

/** Given even where there are no limits: Grafana would have its own, with red from 80 on. */
function thresholdsOf(limits: readonly Limit[]): ThresholdsConfigBuilder {
  const hasLowest = limits.some(({ from }) => from === undefined)
  const lowest: Limit[] = hasLowest ? [] : [{ color: limits.length > 0 ? 'green' : 'blue' }]
  const steps = [...lowest, ...limits].map(({ from, color }) => ({ value: from ?? null, color }))
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps)
}

function targetOf(
  { expr, legend }: Query,
  options: { readonly index: number; readonly time: Time; readonly format: PromQueryFormat },
): DataqueryBuilder {
  const query = new DataqueryBuilder()
    .datasource(datasource)
    .refId(String.fromCharCode('A'.charCodeAt(0) + options.index))
    .expr(expr)
    .legendFormat(legend)
    .format(options.format)
  return options.time === 'range' ? query.range() : query.instant()
}
