// The platform in versions that go together, each from its project's own release. KServe 0.20 is tested by its project
// with these of cert-manager, Knative Serving and kube-prometheus-stack.

export const versions = /** @type {const} */ ({
  kubernetes: '1.34.0',
  certManager: '1.17.0',
  knativeServing: '1.21.1',
  netKourier: '1.21.0',
  knativeEventing: '1.21.1',
  kserve: '0.20.0',
  kubePrometheusStack: '83.4.0',
  argoCd: '3.5.7',
})

/** Kubernetes' oldest version that this Knative runs on. */
export const oldestKubernetes = '1.33'

const github = 'https://github.com'
const serving = `${github}/knative/serving/releases/download/knative-v${versions.knativeServing}`
const eventing = `${github}/knative/eventing/releases/download/knative-v${versions.knativeEventing}`
const kourier = `${github}/knative-extensions/net-kourier/releases/download/knative-v${versions.netKourier}`

/** Where all of it comes from. */
export const sources = /** @type {const} */ ({
  // As kind 0.30 names it.
  kindNode: `kindest/node:v${versions.kubernetes}@sha256:7416a61b42b1662ca6ca89f02028ac133a309a2a30ba309614e8ec94d976dc5a`,
  certManager: `${github}/cert-manager/cert-manager/releases/download/v${versions.certManager}/cert-manager.yaml`,
  servingCrds: `${serving}/serving-crds.yaml`,
  servingCore: `${serving}/serving-core.yaml`,
  servingDomain: `${serving}/serving-default-domain.yaml`,
  kourier: `${kourier}/kourier.yaml`,
  eventingCrds: `${eventing}/eventing-crds.yaml`,
  eventingCore: `${eventing}/eventing-core.yaml`,
  channel: `${eventing}/in-memory-channel.yaml`,
  broker: `${eventing}/mt-channel-broker.yaml`,
  kserveCrds: `${github}/kserve/kserve/releases/download/v${versions.kserve}/kserve-crds.yaml`,
  kserveChart: 'oci://ghcr.io/kserve/charts/kserve-resources',
  prometheusChart: 'oci://ghcr.io/prometheus-community/charts/kube-prometheus-stack',
  argoCd: `https://raw.githubusercontent.com/argoproj/argo-cd/v${versions.argoCd}/manifests/install.yaml`,
})
