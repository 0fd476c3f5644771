import { createPrometheusApi } from '../observability/prometheus-api.ts'
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

export const prometheus = createPrometheusApi(() => prometheusUrl)

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
