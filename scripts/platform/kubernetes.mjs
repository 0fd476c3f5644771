import { command } from '../commands.mjs'

// kubectl and helm for one cluster, and what is asked of it.

/** @typedef {import('../commands.mjs').Argv} Argv */
/** @typedef {import('../steps.mjs').Ask} Ask */

/**
 * @param {string} [context] in the kubeconfig; without it the current one
 */
export function createCluster(context) {
  const kubectlContext = context ? [`--context=${context}`] : []
  const helmContext = context ? [`--kube-context=${context}`] : []
  /** @param {Argv} args */
  const kubectlArgv = (...args) => ['kubectl', ...kubectlContext, ...args]
  /** @param {Argv} args */
  const kubectl = (...args) => command(...kubectlArgv(...args))
  /**
   * A resource as the cluster has it; nothing if it has none.
   * @param {Ask} ask
   * @param {string} resource in the form kind/name
   * @param {string} namespace
   */
  const get = (ask, resource, namespace) =>
    parsed(ask(...kubectlArgv('get', resource, `--namespace=${namespace}`, '--output=json')))
  return {
    kubectlArgv,
    kubectl,
    /** @param {Argv} args */
    helm: (...args) => command('helm', ...helmContext, ...args),

    /**
     * Server-side, because CRDs are too large for the annotation of the other way.
     * @param {string} source
     * @param {Argv} args
     */
    apply: (source, ...args) =>
      kubectl('apply', '--server-side', '--force-conflicts', `--filename=${source}`, ...args),

    /** @param {string} name */
    namespace: (name) => ({
      from: ['kubectl', 'create', 'namespace', name, '--dry-run=client', '--output=yaml'],
      argv: kubectlArgv('apply', '--server-side', '--filename=-'),
    }),

    crdsAreKnown: () =>
      kubectl('wait', '--for=condition=Established', '--timeout=60s', 'crd', '--all'),

    /** @param {string} namespace */
    deploymentsAreThere: (namespace) =>
      kubectl(
        'wait',
        '--for=condition=Available',
        '--timeout=300s',
        `--namespace=${namespace}`,
        'deployment',
        '--all',
      ),

    /**
     * @param {string} resource in the form kind/name
     * @param {string} namespace
     * @param {object} change
     */
    patch: (resource, namespace, change) =>
      kubectl(
        'patch',
        resource,
        `--namespace=${namespace}`,
        '--type=merge',
        `--patch=${JSON.stringify(change)}`,
      ),

    get,

    /**
     * Whether all of these Deployments are there in that version, and available.
     * @param {Ask} ask
     * @param {{ names: readonly string[], namespace: string, version: string }} wanted the version without a v
     */
    areAvailable: (ask, { names, namespace, version }) =>
      names.every((name) => isAvailable(get(ask, `deployment/${name}`, namespace), version)),
  }
}

/** @typedef {ReturnType<typeof createCluster>} Cluster */

/**
 * Fields of resources that are asked for; each of them may be missing.
 * @typedef {object} Resource
 * @property {{ labels?: Record<string, string> }} [metadata]
 * @property {{
 *   type?: string,
 *   ports?: { nodePort?: number }[],
 *   template?: { spec?: { containers?: { image?: string }[] } },
 * }} [spec]
 * @property {{ availableReplicas?: number }} [status]
 * @property {Record<string, string>} [data]
 */

/**
 * @param {string | undefined} text
 * @returns {Resource | undefined}
 */
function parsed(text) {
  try {
    return text ? JSON.parse(text) : undefined
  } catch {
    return undefined
  }
}

/**
 * Whether a Deployment of that version is there and available; manifests tell it by a label or by the image's tag.
 * @param {Resource | undefined} deployment
 * @param {string} version without a v
 */
function isAvailable(deployment, version) {
  const images = deployment?.spec?.template?.spec?.containers ?? []
  const told = [
    deployment?.metadata?.labels?.['app.kubernetes.io/version'],
    ...images.map(({ image = '' }) => /:([^:@/]+)(?:@.*)?$/.exec(image)?.[1]),
  ]
  const isThatVersion = told.some((name) => name === version || name === `v${version}`)
  return isThatVersion && (deployment?.status?.availableReplicas ?? 0) > 0
}

/**
 * @param {Resource | undefined} configMap
 * @param {Readonly<Record<string, string>>} data
 */
export function holds(configMap, data) {
  return Object.entries(data).every(([name, value]) => configMap?.data?.[name] === value)
}

/**
 * What to look at when pods of some namespaces are not there.
 * @param {string[]} namespaces
 */
export const podsOf = (...namespaces) =>
  namespaces.map((namespace) => `kubectl --namespace=${namespace} get pods,events`).join('; ')
