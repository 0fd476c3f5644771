import { gatewayMetrics } from '../../functions/gateway/metrics.ts'
import { modelMetrics } from '../../functions/model/metrics.ts'
import { type Definition, seriesOf } from '../../functions/platform/telemetry/definitions.ts'
import * as platform from '../../observability/dashboards/platform-metrics.ts'
import { type Rule, readRuleFiles, rulesIn } from '../observability/rule-files.ts'
import { type Reading, readExpression, type Selection } from './expressions.ts'

/** Tables of services of ours, by the job that Prometheus knows them by. */
export const ownTables: Readonly<Record<string, Readonly<Record<string, Definition>>>> = {
  'ocr-gateway': gatewayMetrics,
  'ocr-model': modelMetrics,
}

export const rules: readonly Rule[] = rulesIn(readRuleFiles())

/** Labels that series have by being fetched. */
const targetLabels = new Set([
  ...['job', 'namespace', 'pod', 'instance', 'container', 'endpoint', 'service'],
  ...['serving_knative_dev_service', 'serving_knative_dev_revision'],
])

interface Known {
  /** The job that has it, if only one has. */
  readonly job: string | undefined
  readonly labels: readonly string[]
}

const known = new Map<string, Known[]>()
for (const [job, table] of Object.entries(ownTables)) learn(Object.values(table), job)
for (const table of Object.values(platform)) {
  learn('kind' in table ? [table as Definition] : Object.values(table))
}
for (const { record, expr } of rules) {
  if (record) add(record, { job: undefined, labels: labelsUsedBy(readExpression(expr)) })
}

function learn(definitions: readonly Definition[], job?: string): void {
  for (const definition of definitions) {
    for (const series of seriesOf(definition)) {
      const isBucket = definition.kind === 'histogram' && series.endsWith('_bucket')
      add(series, { job, labels: [...Object.keys(definition.labels), ...(isBucket ? ['le'] : [])] })
    }
  }
}

function add(series: string, one: Known): void {
  known.set(series, [...(known.get(series) ?? []), one])
}

/** What a recording rule may leave on its series: labels that it groups by, and those of series that others recorded. */
function labelsUsedBy({ groupings, selections }: Reading): string[] {
  return [
    ...groupings.flatMap(({ labels }) => labels),
    ...selections.flatMap(({ series }) =>
      series.includes(':') ? (labelsOf({ series }) ?? []) : [],
    ),
  ]
}

/** Labels of its own that a series can have; nothing if there is no such series. */
function labelsOf({ series, job }: Pick<Selection, 'series'> & Partial<Selection>) {
  const all = known.get(series)?.filter((one) => !job || !one.job || one.job === job)
  return all && all.length > 0 ? all.flatMap(({ labels }) => labels) : undefined
}

/** What an expression looks at that there is not: series, and labels that they do not have. */
export function unknownIn({ selections, groupings }: Reading): string[] {
  const series = selections.filter((selection) => !labelsOf(selection)).map(({ series }) => series)
  const isThere = (label: string, of: readonly Selection[]) =>
    targetLabels.has(label) || of.some((selection) => labelsOf(selection)?.includes(label))
  const inMatchers = selections.flatMap((selection) =>
    selection.labels
      .filter((label) => !isThere(label, [selection]))
      .map((label) => `${selection.series}{${label}}`),
  )
  const inGroupings = groupings.flatMap(({ labels, of }) =>
    labels
      .filter((label) => !isThere(label, of))
      .map((label) => `${label} of ${of.map(({ series }) => series).join(', ')}`),
  )
  return [...series, ...inMatchers, ...inGroupings]
}
