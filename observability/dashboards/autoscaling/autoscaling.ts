import { createDashboard } from '../dashboard.ts'
import { autoscalerMetrics } from '../platform-metrics.ts'
import { inScope } from '../promql/metric.ts'
import { datasourceVariable, labelVariable, namespaceVariable } from '../variables.ts'
import { coldStartsRow } from './cold-starts.ts'
import { concurrencyRow } from './concurrency.ts'
import { podsRow } from './pods.ts'
import { queueProxyRow } from './queue-proxy.ts'

const ofNamespaces = { targets: 'k8s_namespace_name=~"$namespace"' }
const serviceVariable = labelVariable({
  name: 'service',
  label: 'Service of Knative',
  metric: inScope(autoscalerMetrics, ofNamespaces).desired,
  values: 'kn_service_name',
})

export const autoscaling = createDashboard({
  uid: 'ocr-autoscaling',
  title: 'OCR / Autoscaling',
  description:
    'Are there as many pods as are needed, how fast do they come, and what waits for them?',
  variables: [datasourceVariable(), namespaceVariable(), serviceVariable],
  rows: [podsRow, concurrencyRow, queueProxyRow, coldStartsRow],
})
