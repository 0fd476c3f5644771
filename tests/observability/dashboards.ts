import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Prometheus } from './prometheus.ts'

/** One query of a dashboard, with its variables as Grafana would fill them in. */
export interface DashboardQuery {
  /** Names its dashboard and its panel. */
  readonly place: string
  readonly expression: string
}

interface Variable {
  readonly name: string
  readonly type: string
  readonly query?: string | { readonly query?: string }
  readonly includeAll?: boolean
  readonly allValue?: string
  readonly multi?: boolean
}

interface Panel {
  readonly title?: string
  readonly targets?: ReadonlyArray<{ readonly expr?: string }>
  /** Of a row that is folded. */
  readonly panels?: readonly Panel[]
}

interface Dashboard {
  readonly title: string
  readonly panels?: readonly Panel[]
  readonly templating?: { readonly list?: readonly Variable[] }
}

const folder = 'observability/dashboards/json'

export const readDashboards = (from = folder): Dashboard[] =>
  globSync('*.json', { cwd: from }).map((file) =>
    JSON.parse(readFileSync(join(from, file), 'utf8')),
  )

/** @throws Error for a variable that has no value, or that nobody fills in */
export async function queriesOf(
  dashboard: Dashboard,
  prometheus: Pick<Prometheus, 'query'>,
): Promise<DashboardQuery[]> {
  const values = new Map(builtIn)
  for (const variable of dashboard.templating?.list ?? []) {
    const value = await fillerOf(variable, (text) => filledIn(text, values), prometheus)
    if (value !== undefined) values.set(variable.name, value)
  }
  return panelsIn(dashboard.panels).flatMap(({ title = '', targets = [] }) =>
    targets.map(({ expr = '' }) => ({
      place: `${dashboard.title}: ${title}`,
      expression: filledIn(expr, values),
    })),
  )
}

/** For a graph of an hour from a Prometheus that looks each 15 s, which is four times in this interval. */
const builtIn: ReadonlyArray<readonly [string, string]> = [
  ['__rate_interval', '1m'],
  ['__interval', '15s'],
  ['__range', '1h'],
]

const panelsIn = (panels: readonly Panel[] = []): Panel[] =>
  panels.flatMap((panel) => [panel, ...panelsIn(panel.panels)])

const filledIn = (text: string, values: ReadonlyMap<string, string>): string =>
  text.replaceAll(/\$(?:\{(\w+)(?::\w+)?\}|(\w+))/g, (_, inBraces, name) => {
    const value = values.get(inBraces ?? name)
    if (value === undefined) throw new Error(`No value for $${inBraces ?? name} in ${text}`)
    return value
  })

/** The value of a variable whose choice is "All", if there is such a choice, and otherwise its first one. */
async function fillerOf(
  { name, type, query, includeAll, allValue, multi }: Variable,
  fillIn: (text: string) => string,
  prometheus: Pick<Prometheus, 'query'>,
): Promise<string | undefined> {
  if (type !== 'query') return undefined
  const text = typeof query === 'string' ? query : (query?.query ?? '')
  const [, selector = '', label = ''] = /^label_values\((.*),\s*(\w+)\)$/s.exec(text) ?? []
  if (!label) throw new Error(`The variable ${name} is no label_values(): ${text}`)
  const results = await prometheus.query(`group by (${label}) (${fillIn(selector)})`)
  const values = results.flatMap(({ metric }) => metric[label] ?? [])
  const [first] = values
  if (first === undefined) throw new Error(`The variable ${name} has no value: ${text}`)
  if (includeAll && allValue) return allValue
  return includeAll || multi ? `(${values.join('|')})` : first
}
