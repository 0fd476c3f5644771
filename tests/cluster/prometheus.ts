import { request } from 'undici'
import { kubectl } from './cluster.ts'

/** Where the Prometheus of the cluster is reached from where the test runs. */
const prometheusUrl =
  process.env['OCR_PROMETHEUS_URL'] ?? 'http://prometheus.monitoring.svc.cluster.local:9090'

/** Whether the cluster knows monitors and rules. */
export const hasPrometheusOperator = (): Promise<boolean> =>
  kubectl('get', 'customresourcedefinitions/podmonitors.monitoring.coreos.com').then(
    () => true,
    () => false,
  )

export interface Sample {
  readonly metric: Readonly<Record<string, string>>
  readonly value: readonly [time: number, value: string]
}

async function ask<T>(path: string): Promise<T> {
  const { statusCode, body } = await request(`${prometheusUrl}/api/v1/${path}`)
  if (statusCode !== 200) throw new Error(`${statusCode}: ${await body.text()}`)
  return ((await body.json()) as { data: T }).data
}

/** The samples that an expression has now. */
export async function query(expression: string): Promise<readonly Sample[]> {
  const path = `query?query=${encodeURIComponent(expression)}`
  return (await ask<{ result: Sample[] }>(path)).result
}

/** Names of the groups of rules that Prometheus has loaded. */
export async function ruleGroups(): Promise<string[]> {
  const { groups } = await ask<{ groups: Array<{ name: string }> }>('rules')
  return groups.map(({ name }) => name)
}

/** Asks again and again until there is an answer. */
export async function within<T>(
  seconds: number,
  what: string,
  find: () => Promise<T | undefined>,
): Promise<T> {
  const giveUp = performance.now() + seconds * 1000
  while (performance.now() < giveUp) {
    const found = await find()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  throw new Error(`Not within ${seconds} s: ${what}`)
}
