import type { Attributes } from '@opentelemetry/api'
import type { Labels } from './definitions.ts'

export type GivenLabels = Readonly<Record<string, string | undefined>>

/** Stands for every value beyond those that there may be. */
const otherValue = 'other'

/** Makes attributes of the labels of a metric; those that it does not have are left out. */
export function createLabelBounds(labels: Labels): (given: GivenLabels) => Attributes {
  const bounds = Object.entries(labels).map(([name, values]) => {
    const known = new Set('atMost' in values ? [] : values)
    const room = 'atMost' in values ? values.atMost : known.size
    const bounded = (value: string) => {
      if (known.size < room) known.add(value)
      return known.has(value) ? value : otherValue
    }
    return { name, bounded }
  })
  return (given) => {
    const attributes: Attributes = {}
    for (const { name, bounded } of bounds) {
      const value = given[name]
      if (value !== undefined) attributes[name] = bounded(value)
    }
    return attributes
  }
}
