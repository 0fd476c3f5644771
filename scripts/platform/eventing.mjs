import { holds, podsOf } from './kubernetes.mjs'
import { sources, versions } from './versions.mjs'

// Knative Eventing, and what both parts of Knative tell Prometheus.

/** @typedef {import('./kubernetes.mjs').Cluster} Cluster */
/** @typedef {import('../steps.mjs').Step} Step */

const serving = 'knative-serving'
const eventing = 'knative-eventing'
const servingMetrics = {
  'metrics-protocol': 'prometheus',
  // Those of the proxy in each pod.
  'request-metrics-protocol': 'prometheus',
}
const eventingMetrics = { 'metrics-protocol': 'prometheus' }

/**
 * @param {Cluster} cluster
 * @returns {Step}
 */
export const eventingStep = (cluster) => ({
  name: 'eventing',
  what: `Knative Eventing ${versions.knativeEventing}, with channels in memory and their broker`,
  commands: [
    cluster.apply(sources.eventingCrds),
    cluster.crdsAreKnown(),
    cluster.apply(sources.eventingCore),
    cluster.deploymentsAreThere(eventing),
    cluster.apply(sources.channel),
    cluster.apply(sources.broker),
    cluster.deploymentsAreThere(eventing),
  ],
  isDone: (ask) =>
    cluster.areAvailable(ask, {
      names: ['eventing-controller', 'eventing-webhook', 'imc-dispatcher', 'mt-broker-ingress'],
      namespace: eventing,
      version: versions.knativeEventing,
    }),
  minutes: 12,
  look: podsOf(eventing),
})

/**
 * Its programs read these settings only when they start.
 * @param {Cluster} cluster
 * @returns {Step}
 */
export const metricsStep = (cluster) => ({
  name: 'metrics',
  what: "Knative's metrics for Prometheus",
  commands: [
    cluster.patch('configmap/config-observability', serving, { data: servingMetrics }),
    cluster.patch('configmap/config-observability', eventing, { data: eventingMetrics }),
    ...[serving, eventing].flatMap((namespace) => [
      cluster.kubectl('rollout', 'restart', `--namespace=${namespace}`, 'deployment'),
      cluster.deploymentsAreThere(namespace),
    ]),
  ],
  isDone: (ask) =>
    holds(cluster.get(ask, 'configmap/config-observability', serving), servingMetrics) &&
    holds(cluster.get(ask, 'configmap/config-observability', eventing), eventingMetrics),
  minutes: 11,
  look: podsOf(serving, eventing),
})
