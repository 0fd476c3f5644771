import { holds, podsOf } from './kubernetes.mjs'
import { nodePort } from './local-clusters.mjs'
import { sources, versions } from './versions.mjs'

// Knative Serving, and how requests get in.

/** @typedef {import('./kubernetes.mjs').Cluster} Cluster */
/** @typedef {import('../steps.mjs').Step} Step */

const serving = 'knative-serving'
const ingress = 'kourier-system'
const ingressClass = { 'ingress-class': 'kourier.ingress.networking.knative.dev' }

/**
 * @param {Cluster} cluster
 * @returns {Step}
 */
export const servingStep = (cluster) => ({
  name: 'serving',
  what: `Knative Serving ${versions.knativeServing}`,
  commands: [
    cluster.apply(sources.servingCrds),
    cluster.crdsAreKnown(),
    cluster.apply(sources.servingCore),
    cluster.deploymentsAreThere(serving),
  ],
  isDone: (ask) =>
    cluster.areAvailable(ask, {
      names: ['controller', 'activator', 'autoscaler', 'webhook'],
      namespace: serving,
      version: versions.knativeServing,
    }),
  minutes: 10,
  look: podsOf(serving),
})

/**
 * @param {Cluster} cluster
 * @returns {Step}
 */
export const kourierStep = (cluster) => ({
  name: 'kourier',
  what: `Knative's ingress Kourier ${versions.netKourier}`,
  commands: [
    cluster.apply(sources.kourier),
    cluster.patch('configmap/config-network', serving, { data: ingressClass }),
    cluster.deploymentsAreThere(serving),
    cluster.deploymentsAreThere(ingress),
  ],
  isDone: (ask) =>
    cluster.areAvailable(ask, {
      version: versions.netKourier,
      names: ['net-kourier-controller'],
      namespace: serving,
    }) &&
    cluster.areAvailable(ask, {
      version: versions.netKourier,
      names: ['3scale-kourier-gateway'],
      namespace: ingress,
    }) &&
    holds(cluster.get(ask, 'configmap/config-network', serving), ingressClass),
  minutes: 12,
  look: podsOf(serving, ingress),
})

/**
 * For clusters that have no load balancers.
 * @param {Cluster} cluster
 * @returns {Step}
 */
export function nodePortStep(cluster) {
  const ports = [
    { name: 'http2', port: 80, protocol: 'TCP', targetPort: 8080, nodePort },
    { name: 'https', port: 443, protocol: 'TCP', targetPort: 8443 },
  ]
  return {
    name: 'node-port',
    what: `the ingress at port 80 of this machine, by the node's port ${nodePort}`,
    commands: [cluster.patch('service/kourier', ingress, { spec: { type: 'NodePort', ports } })],
    isDone: (ask) =>
      cluster
        .get(ask, 'service/kourier', ingress)
        ?.spec?.ports?.some((port) => port.nodePort === nodePort) ?? false,
    minutes: 2,
    look: `kubectl --namespace=${ingress} get service kourier --output=yaml`,
  }
}

/**
 * @param {Cluster} cluster
 * @param {string} [domain] without it the address of the ingress, as a name of sslip.io
 * @returns {Step}
 */
export const domainStep = (cluster, domain) => ({
  name: 'domain',
  what: `services are below ${domain ?? 'ADDRESS.sslip.io'}`,
  commands: domain
    ? [cluster.patch('configmap/config-domain', serving, { data: { [domain]: '' } })]
    : [
        cluster.apply(sources.servingDomain),
        cluster.kubectl(
          'wait',
          '--for=condition=Complete',
          '--timeout=180s',
          `--namespace=${serving}`,
          'job/default-domain',
        ),
      ],
  isDone: (ask) => {
    const { data = {} } = cluster.get(ask, 'configmap/config-domain', serving) ?? {}
    return domain ? domain in data : Object.keys(data).some((name) => name !== '_example')
  },
  minutes: 5,
  look: domain
    ? podsOf(serving)
    : `kubectl --namespace=${ingress} get service kourier; without an external address, give --domain a name that leads to it`,
})
