import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge'
import * as common from '@grafana/grafana-foundation-sdk/common'
import {
  FieldColorBuilder,
  FieldColorModeId,
  MappingType,
} from '@grafana/grafana-foundation-sdk/dashboard'
import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap'
import { PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'
import * as stat from '@grafana/grafana-foundation-sdk/stat'
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline'
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries'
import { type Color, describe, type PanelText } from './panel.ts'

/** Lines over time; limits are dashed. */
export function lines(text: PanelText): timeseries.PanelBuilder {
  const panel = describe(new timeseries.PanelBuilder(), text)
    .legend(legend(text))
    .tooltip(allAtOnce())
    .lineWidth(1)
    .fillOpacity(8)
    .showPoints(common.VisibilityMode.Auto)
    .axisSoftMin(0)
  if (!text.limits) return panel
  const { Dashed: mode } = common.GraphThresholdsStyleMode
  return panel.thresholdsStyle(new common.GraphThresholdsStyleConfigBuilder().mode(mode))
}

/** Parts of a whole over time, one upon the other. */
export const stacked = (text: PanelText): timeseries.PanelBuilder =>
  lines(text)
    .fillOpacity(40)
    .stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group('A'))

/** How values were distributed over time; the query has a series for each bucket, called `{{le}}`. */
export const distribution = (text: PanelText): heatmap.PanelBuilder =>
  describe(new heatmap.PanelBuilder(), text, { format: PromQueryFormat.Heatmap })
    .calculate(false)
    .color(
      new heatmap.HeatmapColorOptionsBuilder()
        .mode(heatmap.HeatmapColorMode.Scheme)
        .scheme('Oranges')
        .scale(heatmap.HeatmapColorScale.Exponential)
        .exponent(0.5)
        .steps(32),
    )
    .yAxis(new heatmap.YAxisConfigBuilder().unit(text.unit))
    .tooltip(
      new heatmap.HeatmapTooltipBuilder().mode(common.TooltipDisplayMode.Single).yHistogram(true),
    )

/** The last value, large, upon the way it went. */
export const figure = (text: PanelText): stat.PanelBuilder =>
  describe(new stat.PanelBuilder(), text)
    .graphMode(common.BigValueGraphMode.Area)
    .reduceOptions(lastValue())

/** One value for the whole time range. */
export const total = (text: PanelText): stat.PanelBuilder =>
  describe(new stat.PanelBuilder(), text, { time: 'instant' })
    .graphMode(common.BigValueGraphMode.None)
    .reduceOptions(lastValue())

/** Bars for the whole time range, in the order of the query. */
export const ranking = (text: PanelText): bargauge.PanelBuilder =>
  describe(new bargauge.PanelBuilder(), text, { time: 'instant' })
    .orientation(common.VizOrientation.Horizontal)
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .valueMode(common.BarGaugeValueMode.Text)
    .min(0)
    .reduceOptions(lastValue())

/** Which state held when; each value stands for one. */
export const states = (
  text: PanelText,
  names: Readonly<Record<string, { readonly text: string; readonly color: Color }>>,
): statetimeline.PanelBuilder =>
  describe(new statetimeline.PanelBuilder(), text)
    .mappings([{ type: MappingType.ValueToText, options: names }])
    .showValue(common.VisibilityMode.Never)
    .legend(new common.VizLegendOptionsBuilder().showLegend(true))
    .tooltip(allAtOnce())

/** A panel whose series have colors by their names. */
export function colored(
  panel: timeseries.PanelBuilder,
  colors: Readonly<Record<string, Color>>,
): timeseries.PanelBuilder {
  for (const [name, fixedColor] of Object.entries(colors)) {
    const color = new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(fixedColor)
    panel.overrideByName(name, [{ id: 'color', value: color.build() }])
  }
  return panel
}

/** A table where labels make many series of a query and there is room for it, else a line. */
function legend({ queries, width }: PanelText): common.VizLegendOptionsBuilder {
  const hasMany = queries.some(({ legend }) => legend.includes('{{'))
  const builder = new common.VizLegendOptionsBuilder()
    .showLegend(true)
    .placement(common.LegendPlacement.Bottom)
  if (!hasMany || width < 12) return builder.displayMode(common.LegendDisplayMode.List)
  return builder
    .displayMode(common.LegendDisplayMode.Table)
    .placement(common.LegendPlacement.Right)
    .calcs(['mean', 'max'])
    .sortBy('Max')
    .sortDesc(true)
}

const allAtOnce = () =>
  new common.VizTooltipOptionsBuilder()
    .mode(common.TooltipDisplayMode.Multi)
    .sort(common.SortOrder.Descending)

const lastValue = () => new common.ReduceDataOptionsBuilder().calcs(['lastNotNull'])
