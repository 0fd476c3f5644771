import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard'
import type { Labels } from '../../functions/platform/telemetry/definitions.ts'
import { serverMetrics } from '../../functions/platform/telemetry/server-metrics.ts'
import { inScope, type LabelName, type Metric } from './promql/metric.ts'
import { seriesWith } from './promql/query.ts'

/** Whichever Prometheus is chosen above the dashboard. */
export const datasource = { type: 'prometheus', uid: '$datasource' }

export const datasourceVariable = (): Builder<VariableModel> =>
  plain(new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'))

/** A choice among the values that a label of a gauge has in the time range; at first, all of them. */
export const labelVariable = <L extends Labels>(options: {
  readonly name: string
  readonly label: string
  readonly metric: Metric<L>
  readonly values: LabelName<L>
}): Builder<VariableModel> =>
  plain(
    new QueryVariableBuilder(options.name)
      .label(options.label)
      .datasource(datasource)
      .query(`label_values(${seriesWith(options.metric)}, ${options.values})`)
      .refresh(VariableRefresh.OnTimeRangeChanged)
      .sort(VariableSort.AlphabeticalAsc)
      .multi(true)
      .includeAll(true)
      // Pods that are gone have been measured, too.
      .allValue('.*')
      .current({ text: 'All', value: '$__all' }),
  )

/** Where there are services of ours. */
export const namespaceVariable = (): Builder<VariableModel> =>
  labelVariable({
    name: 'namespace',
    label: 'Namespace',
    metric: inScope(serverMetrics, { targets: '' }).build,
    values: 'namespace',
  })

/** Without what the package adds of variables that are intervals, which Grafana's schema has not. */
const plain = (variable: Builder<VariableModel>): Builder<VariableModel> => ({
  build() {
    const { auto, auto_min, auto_count, ...rest } = variable.build()
    return rest
  },
})
