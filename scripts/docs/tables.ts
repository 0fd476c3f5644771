import { answerFormats } from '../../functions/contract/answer-formats.ts'
import { answerTexts, deliveryTexts } from '../../functions/contract/answer-request.ts'
import { errorTable } from '../../functions/contract/errors.ts'
import { fileTypes } from '../../functions/contract/file-types.ts'
import { outputMeanings, outputTensors } from '../../functions/contract/ocr-outputs.ts'
import { type OptionText, optionTexts } from '../../functions/contract/options.ts'
import { gatewayMetrics } from '../../functions/gateway/metrics.ts'
import { gatewaySettings } from '../../functions/gateway/settings.ts'
import { modelMetrics } from '../../functions/model/metrics.ts'
import { modelSettings } from '../../functions/model/settings.ts'
import type { Setting } from '../../functions/platform/settings.ts'
import { type Definitions, exposedName } from '../../functions/platform/telemetry/definitions.ts'
import { kubernetesTables } from './kubernetes-page.ts'
import { markdownTable } from './markdown-table.ts'

type Tables = Readonly<Record<string, () => string>>

/** The pages with tables that come from the code, each by the name in its markers. */
export const tablesOfPages: Readonly<Record<string, Tables>> = {
  'docs/http-api.md': {
    'file types': fileTypesTable,
    options: () => optionsTable(optionTexts),
    'answer options': () => optionsTable({ ...answerTexts, ...deliveryTexts }),
    formats: formatsTable,
  },
  'docs/model.md': { outputs: outputsTable },
  'docs/errors.md': { errors: errorsTable },
  'docs/settings.md': {
    'gateway settings': () => settingsTable(gatewaySettings),
    'model settings': () => settingsTable(modelSettings),
  },
  'docs/kubernetes.md': kubernetesTables,
  'observability/README.md': {
    'gateway metrics': () => metricsTable(gatewayMetrics),
    'model metrics': () => metricsTable(modelMetrics),
  },
}

function optionsTable(options: Readonly<Record<string, OptionText>>) {
  const rows = Object.entries(options).map(([name, { fallback, range, meaning }]) => [
    `\`${name}\``,
    fallback,
    range,
    meaning,
  ])
  return markdownTable([['option', 'default', 'values', 'meaning'], ...rows])
}

function formatsTable() {
  const rows = Object.entries(answerFormats).map(([name, { mediaTypes, meaning }]) => [
    `\`${name}\``,
    mediaTypes.map((mediaType) => `\`${mediaType}\``).join(', '),
    meaning,
  ])
  return markdownTable([['`format`', '`Accept`', 'what it holds'], ...rows])
}

function fileTypesTable() {
  const rows = Object.entries(fileTypes).map(([name, { mediaType, pages }]) => [
    name.toUpperCase(),
    `\`${mediaType}\``,
    pages,
  ])
  return markdownTable([['file', 'media type', 'what is read'], ...rows])
}

function outputsTable() {
  const rows = outputTensors.map(({ name, datatype }) => [
    `\`${name}\``,
    datatype,
    outputMeanings.get(name) ?? '',
  ])
  return markdownTable([['output', 'datatype', 'what it holds'], ...rows])
}

function settingsTable(settings: Readonly<Record<string, Setting<string> | Setting<number>>>) {
  const rows = Object.values(settings).map(({ name, fallback, range, help }) => [
    `\`${name}\``,
    fallback === '' ? 'none' : `\`${fallback}\``,
    range,
    help,
  ])
  return markdownTable([['variable', 'default', 'values', 'meaning'], ...rows])
}

function metricsTable(metrics: Definitions) {
  const rows = Object.values(metrics).map((metric) => [
    `\`${exposedName(metric)}\``,
    metric.kind === 'total' ? 'counter' : metric.kind,
    Object.keys(metric.labels)
      .map((label) => `\`${label}\``)
      .join(', '),
    metric.help,
  ])
  return markdownTable([['metric', 'kind', 'labels', 'what it tells'], ...rows])
}

function errorsTable() {
  const rows = Object.entries(errorTable).map(([kind, { status, grpc, retryable, title }]) => [
    `\`${kind}\``,
    String(status),
    `${grpc}`,
    retryable ? 'yes' : 'no',
    title,
  ])
  return markdownTable([['code', 'HTTP', 'gRPC', 'retry', 'meaning'], ...rows])
}

/** A document with every table between its markers as the code has it. */
export function withTables(text: string, tables: Tables): string {
  return Object.entries(tables).reduce((result, [name, table]) => {
    const [start, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`]
    const [before, rest] = result.split(start)
    const after = rest?.split(end)[1]
    if (before === undefined || after === undefined) throw new Error(`There is no ${start}`)
    return `${before}${start}\n${table()}\n${end}${after}`
  }, text)
}
