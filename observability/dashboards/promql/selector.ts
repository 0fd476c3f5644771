import type { Labels } from '../../../functions/platform/telemetry/definitions.ts'
import type { Metric } from './metric.ts'

type Value<V> = V extends readonly (infer T extends string)[] ? T : string
type Match<V> = V | '' | readonly V[] | { readonly not: V | '' } | { readonly like: string }

/** What the labels of a metric are to be: a value, none (''), one of several, any other, or like a regular expression. */
export type Where<L extends Labels> = { readonly [K in keyof L]?: Match<Value<L[K]>> }

/** @param series one of the names that the metric is exposed by */
export function selector<L extends Labels>(
  { choice }: Metric<L>,
  series: string,
  where: Where<L> = {},
): string {
  const matchers = Object.entries<Match<string> | undefined>(where).map(matcher)
  const all = [...matchers, choice.targets].filter((text) => text !== '').join(', ')
  return all === '' ? series : `${series}{${all}}`
}

function matcher([label, match]: [string, Match<string> | undefined]): string {
  if (match === undefined) return ''
  if (typeof match === 'string') return `${label}="${match}"`
  if ('like' in match) return `${label}=~"${match.like}"`
  return 'not' in match ? `${label}!="${match.not}"` : `${label}=~"${match.join('|')}"`
}
