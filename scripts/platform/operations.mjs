import { podsOf } from './kubernetes.mjs'
import { sources, versions } from './versions.mjs'

// What watches the system, and what brings it by Git.

/** @typedef {import('./kubernetes.mjs').Cluster} Cluster */
/** @typedef {import('../steps.mjs').Step} Step */

/**
 * @param {Cluster} cluster
 * @returns {Step}
 */
export const monitoringStep = (cluster) => ({
  name: 'monitoring',
  what: `Prometheus and Grafana, by kube-prometheus-stack ${versions.kubePrometheusStack}`,
  commands: [
    cluster.helm(
      'upgrade',
      '--install',
      'kube-prometheus-stack',
      sources.prometheusChart,
      `--version=${versions.kubePrometheusStack}`,
      '--namespace=monitoring',
      '--create-namespace',
      '--values=scripts/platform/prometheus-values.yaml',
      '--wait',
      '--timeout=10m',
    ),
    cluster.apply('scripts/platform/knative-monitor.yaml'),
  ],
  isDone: (ask) => {
    const { argv } = cluster.helm('list', '--deployed', '--namespace=monitoring', '--output=json')
    const chart = `"chart":"kube-prometheus-stack-${versions.kubePrometheusStack}"`
    const monitor = cluster.get(ask, 'podmonitor/knative-scaling', 'knative-serving')
    return (ask(...argv) ?? '').includes(chart) && monitor !== undefined
  },
  minutes: 12,
  look: 'kubectl --namespace=monitoring get pods,events; where an operator of Prometheus is there already, leave this step out by --only',
})

/**
 * @param {Cluster} cluster
 * @returns {Step}
 */
export const argoCdStep = (cluster) => ({
  name: 'argocd',
  what: `Argo CD ${versions.argoCd}`,
  commands: [
    cluster.namespace('argocd'),
    cluster.apply(sources.argoCd, '--namespace=argocd'),
    cluster.deploymentsAreThere('argocd'),
    cluster.kubectl(
      'rollout',
      'status',
      '--timeout=300s',
      '--namespace=argocd',
      'statefulset/argocd-application-controller',
    ),
  ],
  isDone: (ask) =>
    cluster.areAvailable(ask, {
      names: ['argocd-server', 'argocd-repo-server', 'argocd-applicationset-controller'],
      namespace: 'argocd',
      version: versions.argoCd,
    }),
  minutes: 12,
  look: podsOf('argocd'),
})
