import { eventingStep, metricsStep } from './eventing.mjs'
import { certManagerStep, kserveStep } from './kserve.mjs'
import { createCluster } from './kubernetes.mjs'
import { localClusters } from './local-clusters.mjs'
import { nodesStep } from './nodes.mjs'
import { argoCdStep, monitoringStep } from './operations.mjs'
import { domainStep, kourierStep, nodePortStep, servingStep } from './serving.mjs'

/** @typedef {import('../steps.mjs').Step} Step */

/**
 * All that a cluster needs for the system, in order.
 * @param {{ on: 'minikube' | 'kind' | 'current', domain?: string | undefined }} where
 * @returns {Step[]}
 */
export function platformSteps({ on, domain }) {
  const local = on === 'current' ? undefined : localClusters[on]
  const cluster = createCluster(local?.context)
  return [
    ...(local ? [{ name: 'cluster', what: `Kubernetes by ${on}`, ...local.start }] : []),
    nodesStep(cluster),
    certManagerStep(cluster),
    servingStep(cluster),
    kourierStep(cluster),
    ...(local ? [nodePortStep(cluster)] : []),
    domainStep(cluster, domain ?? (local && '127.0.0.1.sslip.io')),
    eventingStep(cluster),
    metricsStep(cluster),
    kserveStep(cluster),
    monitoringStep(cluster),
    argoCdStep(cluster),
  ]
}
