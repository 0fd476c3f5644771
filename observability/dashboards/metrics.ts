import { gatewayMetrics } from '../../functions/gateway/metrics.ts'
import { modelMetrics } from '../../functions/model/metrics.ts'
import { serverMetrics } from '../../functions/platform/telemetry/server-metrics.ts'
import {
  activatorMetrics,
  autoscalerMetrics,
  controlMetrics,
  nodeMetrics,
  queueProxyMetrics,
  type RevisionLabels,
  targetInfo,
} from './platform-metrics.ts'
import { inScope } from './promql/metric.ts'
import { seriesWith } from './promql/query.ts'
import { sloMetrics } from './recorded-metrics.ts'

// What the dashboards look at: of the namespaces, pods and services of Knative that are chosen there.

const namespace = 'namespace=~"$namespace"'
const ofGateway = { targets: `job="ocr-gateway", ${namespace}` }
const ofModel = { targets: `job="ocr-model", ${namespace}` }
const ofBoth = { targets: `job=~"ocr-gateway|ocr-model", ${namespace}` }
const ofModelPods = { targets: `${ofModel.targets}, pod=~"$pod"` }

export const gateway = inScope(gatewayMetrics, ofGateway)
export const model = inScope(modelMetrics, ofModel)
export const both = inScope(serverMetrics, ofBoth)
export const nodeOfBoth = inScope(nodeMetrics, ofBoth)
export const modelPods = inScope(modelMetrics, ofModelPods)
export const nodeOfModelPods = inScope(nodeMetrics, ofModelPods)
export const slo = inScope(sloMetrics, { targets: namespace })

const ofServices = {
  targets: 'k8s_namespace_name=~"$namespace", kn_service_name=~"$service"',
}
export const autoscaler = inScope(autoscalerMetrics, ofServices)
export const activator = inScope(activatorMetrics, ofServices)
export const control = inScope(controlMetrics, { targets: '' })

const { info } = inScope({ info: targetInfo }, ofServices)
export const queueProxy = inScope<typeof queueProxyMetrics, RevisionLabels>(queueProxyMetrics, {
  targets: '',
  join: `* on (job, instance) group_left (kn_revision_name) ${seriesWith(info)}`,
})
