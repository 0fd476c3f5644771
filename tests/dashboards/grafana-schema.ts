import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus'
import type { Dashboard, FieldConfig, Panel, RowPanel } from '@grafana/schema'
import type * as bargauge from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen'
import type * as heatmap from '@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen'
import type * as stat from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen'
import type * as statetimeline from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen'
import type * as timeseries from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen'

// Grafana's own types, as tight as JSON can be checked by them. Its dashboard leaves open what a panel of a certain kind
// may have; here each kind has its options and its settings of fields.

/** A dashboard as a literal that was read from JSON. */
export type DashboardJson = Json<Omit<Dashboard, 'panels'>> & {
  readonly panels: ReadonlyArray<PanelJson | Json<RowPanel>>
}

/** The options and the settings of fields of each kind of panel; what is left out has Grafana's default. */
interface Kinds {
  readonly timeseries: Kind<timeseries.Options, timeseries.FieldConfig>
  readonly stat: Kind<stat.Options, Record<never, never>>
  readonly bargauge: Kind<bargauge.Options, Record<never, never>>
  readonly heatmap: Kind<heatmap.Options, heatmap.FieldConfig>
  readonly 'state-timeline': Kind<statetimeline.Options, statetimeline.FieldConfig>
}

interface Kind<Options, Custom> {
  readonly options: PartialDeep<Json<Options>>
  readonly fieldConfig: {
    readonly defaults: Json<Omit<FieldConfig, 'custom'>> & {
      readonly custom?: PartialDeep<Json<Custom>>
    }
    readonly overrides: ReadonlyArray<Override<Custom>>
  }
}

type PanelJson = {
  [Type in keyof Kinds]: Json<Omit<Panel, 'type' | 'options' | 'fieldConfig' | 'targets'>> &
    Kinds[Type] & {
      readonly type: Type
      readonly targets: ReadonlyArray<Json<Omit<Dataquery, '_implementsDataqueryVariant'>>>
    }
}[keyof Kinds]

interface Override<Custom> {
  readonly matcher: {
    readonly id: 'byName' | 'byRegexp' | 'byFrameRefID'
    readonly options: string
  }
  readonly properties: ReadonlyArray<
    PropertyOf<Json<Omit<FieldConfig, 'custom'>>> | PropertyOf<Json<Custom>, 'custom.'>
  >
}

type PropertyOf<T, Prefix extends string = ''> = {
  [K in keyof T & string]-?: { readonly id: `${Prefix}${K}`; readonly value: T[K] }
}[keyof T & string]

/** What JSON has in place of a type: the values of enums instead of their names. */
type Json<T> = T extends string
  ? `${T}`
  : T extends number
    ? `${T}` extends `${infer N extends number}`
      ? N
      : never
    : T extends object
      ? { [K in keyof T]: Json<T[K]> }
      : T

type PartialDeep<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]?: PartialDeep<T[K]> }
    : T
