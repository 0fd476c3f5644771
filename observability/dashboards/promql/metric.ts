import {
  type Definition,
  exposedName,
  type Labels,
} from '../../../functions/platform/telemetry/definitions.ts'

/** A metric of those targets that a dashboard looks at. */
export interface Metric<L extends Labels = Labels> {
  readonly definition: Definition<L>
  readonly choice: Choice
}

/** Which targets are looked at. */
interface Choice {
  /** Matchers that choose them. */
  readonly targets: string
  /** What each series is joined with, since that tells more of the target. */
  readonly join?: string
}

type Table = Readonly<Record<string, Definition>>

export type Metrics<D extends Table, More extends Labels = Record<never, never>> = {
  readonly [K in keyof D]: D[K] extends Definition<infer L> ? Metric<L & More> : never
}

/** All metrics of a table, of the targets that are chosen. */
export function inScope<const D extends Table, More extends Labels = Record<never, never>>(
  definitions: D,
  choice: Choice,
): Metrics<D, More> {
  const entries = Object.entries(definitions).map(([key, definition]) => [
    key,
    { definition, choice },
  ])
  return Object.fromEntries(entries)
}

/** Labels that Prometheus puts on what it fetches. */
export const targetLabels = ['job', 'namespace', 'pod', 'instance'] as const

/** A label by which the series of a metric can be told apart. */
export type LabelName<L extends Labels> = Extract<keyof L, string> | (typeof targetLabels)[number]

/** Only what recording rules make has colons, and its name is left as it is. */
export const nameOf = ({ definition }: Metric): string =>
  definition.name.includes(':') ? definition.name : exposedName(definition)
