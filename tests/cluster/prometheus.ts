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
