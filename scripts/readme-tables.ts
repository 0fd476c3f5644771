import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { answerFormats } from '../functions/contract/answer-formats.ts'
import { answerTexts, deliveryTexts } from '../functions/contract/answer-request.ts'
import { errorTable } from '../functions/contract/errors.ts'
import { fileTypes } from '../functions/contract/file-types.ts'
import { outputMeanings, outputTensors } from '../functions/contract/ocr-outputs.ts'
import { type OptionText, optionTexts } from '../functions/contract/options.ts'
import { gatewaySettings } from '../functions/gateway/settings.ts'
import { modelSettings } from '../functions/model/settings.ts'
import type { Setting } from '../functions/platform/settings.ts'

const readme = new URL('../README.md', import.meta.url)

/** The tables of the README that come from the code, by the name in their markers. */
const tables: Readonly<Record<string, () => string>> = {
  'gateway settings': () => settingsTable(gatewaySettings),
  'model settings': () => settingsTable(modelSettings),
  errors: errorsTable,
  options: () => optionsTable(optionTexts),
  'answer options': () => optionsTable({ ...answerTexts, ...deliveryTexts }),
  formats: formatsTable,
  'file types': fileTypesTable,
  outputs: outputsTable,
}

function optionsTable(options: Readonly<Record<string, OptionText>>) {
  const rows = Object.entries(options).map(([name, { fallback, range, meaning }]) => [
    `\`${name}\``,
    fallback,
    range,
    meaning,
  ])
  return markdown([['option', 'default', 'values', 'meaning'], ...rows])
}

function formatsTable() {
  const rows = Object.entries(answerFormats).map(([name, { mediaTypes, meaning }]) => [
    `\`${name}\``,
    mediaTypes.map((mediaType) => `\`${mediaType}\``).join(', '),
    meaning,
  ])
  return markdown([['`format`', '`Accept`', 'what it holds'], ...rows])
}

function fileTypesTable() {
  const rows = Object.entries(fileTypes).map(([name, { mediaType, pages }]) => [
    name.toUpperCase(),
    `\`${mediaType}\``,
    pages,
  ])
  return markdown([['file', 'media type', 'what is read'], ...rows])
}

function outputsTable() {
  const rows = outputTensors.map(({ name, datatype }) => [
    `\`${name}\``,
    datatype,
    outputMeanings.get(name) ?? '',
  ])
  return markdown([['output', 'datatype', 'what it holds'], ...rows])
}

function settingsTable(settings: Readonly<Record<string, Setting<string> | Setting<number>>>) {
  const rows = Object.values(settings).map(({ name, fallback, range, help }) => [
    `\`${name}\``,
    fallback === '' ? 'none' : `\`${fallback}\``,
    range,
    help,
  ])
  return markdown([['variable', 'default', 'values', 'meaning'], ...rows])
}

function errorsTable() {
  const rows = Object.entries(errorTable).map(([kind, { status, grpc, retryable, title }]) => [
    `\`${kind}\``,
    String(status),
    `${grpc}`,
    retryable ? 'yes' : 'no',
    title,
  ])
  return markdown([['code', 'HTTP', 'gRPC', 'retry', 'meaning'], ...rows])
}

function markdown([head = [], ...rows]: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** A README with every table between its markers as the code has it. */
export function withTables(text: string): string {
  return Object.entries(tables).reduce((result, [name, table]) => {
    const [start, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`]
    const [before, rest] = result.split(start)
    const after = rest?.split(end)[1]
    if (before === undefined || after === undefined) throw new Error(`README.md lacks ${start}`)
    return `${before}${start}\n${table()}\n${end}${after}`
  }, text)
}

export const readReadme = (): string => readFileSync(readme, 'utf8')

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(readme, withTables(readReadme()))
}
