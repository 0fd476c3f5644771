import { podsOf } from './kubernetes.mjs'
import { sources, versions } from './versions.mjs'

// KServe, and cert-manager which it needs.

/** @typedef {import('./kubernetes.mjs').Cluster} Cluster */
/** @typedef {import('../steps.mjs').Step} Step */

/** Of the charts of KServe, which would else ask Istio to route to models. */
const kserveSettings = [
  '--set=kserve.controller.deploymentMode=Knative',
  '--set=kserve.controller.gateway.disableIstioVirtualHost=true',
  '--set=kserve.controller.gateway.ingressGateway.className=kourier',
]

/**
 * @param {Cluster} cluster
 * @returns {Step}
 */
export const certManagerStep = (cluster) => ({
  name: 'cert-manager',
  what: `cert-manager ${versions.certManager}, for the certificates of KServe's webhooks`,
  commands: [cluster.apply(sources.certManager), cluster.deploymentsAreThere('cert-manager')],
  isDone: (ask) =>
    cluster.areAvailable(ask, {
      names: ['cert-manager', 'cert-manager-webhook', 'cert-manager-cainjector'],
      namespace: 'cert-manager',
      version: versions.certManager,
    }),
  minutes: 7,
  look: podsOf('cert-manager'),
})

/**
 * @param {Cluster} cluster
 * @returns {Step}
 */
export const kserveStep = (cluster) => ({
  name: 'kserve',
  what: `KServe ${versions.kserve}, on Knative and without Istio`,
  commands: [
    cluster.apply(sources.kserveCrds),
    cluster.crdsAreKnown(),
    cluster.helm(
      'upgrade',
      '--install',
      'kserve',
      sources.kserveChart,
      `--version=v${versions.kserve}`,
      '--namespace=kserve',
      '--create-namespace',
      ...kserveSettings,
      '--wait',
      '--timeout=5m',
    ),
  ],
  isDone: (ask) => {
    const { data } = cluster.get(ask, 'configmap/inferenceservice-config', 'kserve') ?? {}
    const isWithoutIstio = /"disableIstioVirtualHost"\s*:\s*true/.test(data?.['ingress'] ?? '')
    const names = ['kserve-controller-manager']
    const wanted = { names, namespace: 'kserve', version: versions.kserve }
    return cluster.areAvailable(ask, wanted) && isWithoutIstio
  },
  minutes: 8,
  look: 'kubectl --namespace=kserve get pods,certificates,events',
})
