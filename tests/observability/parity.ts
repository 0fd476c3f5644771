import {
  type Definition,
  exposedName,
  seriesOf,
} from '../../functions/platform/telemetry/definitions.ts'
import { type Exposition, familyOf, type Sample } from './exposition.ts'

type Table = Readonly<Record<string, Definition>>

/** What prom-client tells of Node. */
const ofNode = /^(?:nodejs|process)_/

/** Metrics of a table that are not exposed, and labels of which no series has a value. */
export function neverSeen(table: Table, { samples }: Exposition): string[] {
  return Object.values(table).flatMap((definition) => {
    const of = samples.filter(({ name }) => seriesOf(definition).includes(name))
    const missing = seriesOf(definition).filter((series) => !of.some(({ name }) => name === series))
    const unused = Object.keys(definition.labels).filter(
      (label) => !of.some(({ labels }) => labels[label]),
    )
    return [...missing, ...unused.map((label) => `${exposedName(definition)}: ${label}`)]
  })
}

/** Sums of a table that are exposed, but have stayed at 0. */
export const neverCounted = (table: Table, { samples }: Exposition): string[] =>
  Object.values(table)
    .filter(({ kind }) => kind === 'counter' || kind === 'total')
    .map(exposedName)
    .filter((sum) => samples.every(({ name, value }) => name !== sum || value === 0))

/** Labels that have more values than a test can have happen. */
const wide: readonly string[] = ['error_type', 'http_request_method']

/** Values that labels of a table can have, but no series has. */
export const unseenValues = (table: Table, { samples }: Exposition): string[] =>
  Object.values(table).flatMap((definition) => {
    const of = samples.filter(({ name }) => seriesOf(definition).includes(name))
    return Object.entries(definition.labels).flatMap(([label, values]) => {
      if ('atMost' in values || wide.includes(label)) return []
      return values
        .filter((value) => !of.some(({ labels }) => labels[label] === value))
        .map((value) => `${exposedName(definition)}: ${label}="${value}"`)
    })
  })

/** Series that no metric of a table has, or not so: by name, type, label, or value of a label. */
export function exposedOtherwise(table: Table, exposition: Exposition): string[] {
  const definitions = new Map(Object.values(table).map((one) => [exposedName(one), one]))
  const { samples, types } = exposition
  return samples
    .filter(({ name }) => !ofNode.test(name))
    .flatMap((sample) => {
      const family = familyOf(sample.name, types)
      const definition = definitions.get(family)
      if (!definition) return [`${sample.name} is in no table`]
      const type = types.get(family)
      if (type !== typeOf(definition)) return [`${family} is a ${type}`]
      return otherLabels(definition, sample)
    })
}

const typeOf = ({ kind }: Definition): string => (kind === 'total' ? 'counter' : kind)

const otherLabels = ({ kind, labels: bounds }: Definition, { name, labels }: Sample): string[] =>
  Object.entries(labels).flatMap(([label, value]) => {
    if (kind === 'histogram' && label === 'le') return []
    const bound = bounds[label]
    if (!bound) return [`${name} has the label ${label}`]
    return 'atMost' in bound || bound.includes(value) ? [] : [`${name} has ${label}="${value}"`]
  })
