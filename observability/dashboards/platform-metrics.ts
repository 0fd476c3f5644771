import { counter, gauge, histogram } from '../../functions/platform/telemetry/definitions.ts'

// Names and labels as they were seen on Knative Serving 1.21 with both of its protocols set to prometheus, and those of
// prom-client. How many values a label has is not for us to bound.

const unbounded = { atMost: Number.POSITIVE_INFINITY }
const revision = {
  k8s_namespace_name: unbounded,
  kn_service_name: unbounded,
  kn_configuration_name: unbounded,
  kn_revision_name: unbounded,
}
export type RevisionLabels = typeof revision
const ofRevision = (name: string, help: string) => gauge({ name, help, labels: revision })

/** Of the autoscaler. */
export const autoscalerMetrics = {
  desired: ofRevision('kn_revision_pods_desired', 'Pods that the autoscaler has worked out'),
  requested: ofRevision('kn_revision_pods_requested', 'Pods that it has asked Kubernetes for'),
  ready: ofRevision('kn_revision_pods_count', 'Pods that are ready'),
  notReady: ofRevision('kn_revision_pods_not_ready_count', 'Pods that are not ready'),
  pending: ofRevision('kn_revision_pods_pending_count', 'Pods that are not scheduled'),
  terminating: ofRevision('kn_revision_pods_terminating_count', 'Pods that are about to end'),
  stable: ofRevision('kn_revision_concurrency_stable', 'Requests per pod, over the long window'),
  panic: ofRevision('kn_revision_concurrency_panic', 'Requests per pod, over the short window'),
  target: ofRevision('kn_revision_concurrency_target', 'Requests per pod that are aimed at'),
  panicMode: ofRevision('kn_revision_panic_mode', '1 while only the short window counts'),
  excess: ofRevision(
    'kn_revision_capacity_excess',
    'Requests that a burst may have; below 0: none',
  ),
} as const

/** Of the activator, which holds requests while there is no pod. */
export const activatorMetrics = {
  concurrency: ofRevision('kn_revision_request_concurrency', 'Requests on their way through it'),
} as const

/** Of activator and autoscaler themselves. */
export const controlMetrics = {
  reachable: gauge({
    name: 'kn_activator_stats_conn_reachable',
    help: '1 if the activator reaches the autoscaler, and so can wake a service',
    labels: { peer: unbounded },
  }),
} as const

/** Of the queue-proxy in each pod; they do not tell the revision. */
export const queueProxyMetrics = {
  depth: gauge({
    name: 'kn_serving_queue_depth',
    help: 'Requests in the pod, waiting or at work, when the last one came',
  }),
  duration: histogram({
    name: 'kn_serving_invocation_duration_seconds',
    help: 'Time of a request in the pod, waiting included',
    labels: { http_response_status_code: unbounded },
    buckets: [],
  }),
} as const

/** What a target of OpenTelemetry is; of a queue-proxy this alone tells the revision. */
export const targetInfo = gauge({ name: 'target_info', help: 'Always 1', labels: revision })

/** Of Node, by prom-client. */
export const nodeMetrics = {
  cpu: counter({
    name: 'process_cpu_seconds',
    help: 'CPU time of Node, and of nothing it started',
  }),
  memory: gauge({ name: 'process_resident_memory_bytes', help: 'Resident memory of Node' }),
  started: gauge({ name: 'process_start_time_seconds', help: 'When it started, since 1970' }),
  lag: gauge({
    name: 'nodejs_eventloop_lag_p99_seconds',
    help: 'By how much timers were late since they were last asked',
  }),
  heap: gauge({ name: 'nodejs_heap_size_used_bytes', help: 'Heap of JavaScript that is in use' }),
} as const

/** Of Prometheus itself. */
export const prometheusMetrics = {
  up: gauge({ name: 'up', help: '1 for a target that could be fetched' }),
} as const
