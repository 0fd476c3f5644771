import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { command } from '../commands.mjs'
import { root } from '../setup.mjs'
import { repositoryOf, services } from './image-names.mjs'
import { createCluster } from './kubernetes.mjs'

/** @typedef {import('../steps.mjs').Step} Step */

/**
 * @typedef {object} DeployOptions
 * @property {'dev' | 'production'} environment
 * @property {string} namespace
 * @property {string} release
 * @property {string | undefined} registry of the images, in place of that of the charts
 * @property {string | undefined} tag of the images, in place of that of the environment
 * @property {readonly string[]} set values as helm takes them
 * @property {string | undefined} context in the kubeconfig
 */

const chart = 'argocd/ocr-system'

/**
 * The system on a cluster that has the platform.
 * @param {DeployOptions} options
 * @returns {Step[]}
 */
export function deploySteps(options) {
  const cluster = createCluster(options.context)
  const { environment, namespace, release } = options
  const secret = keysSecretOf(environment)
  return [
    {
      name: 'charts',
      what: `the charts that ${chart} consists of`,
      commands: [command('helm', 'dependency', 'build', '--skip-refresh', chart)],
      minutes: 2,
      look: `${chart}/Chart.yaml; after a change of a chart: helm dependency update ${chart}`,
    },
    {
      name: 'namespace',
      what: namespace,
      commands: [cluster.kubectl('create', 'namespace', namespace)],
      isDone: (ask) => ask(...cluster.kubectlArgv('get', 'namespace', namespace)) !== undefined,
      minutes: 1,
      look: `kubectl get namespace ${namespace}; kubectl config current-context`,
    },
    ...(secret ? [keysStep(options, secret)] : []),
    {
      name: 'release',
      what: `${release} for ${environment}`,
      commands: [
        cluster.helm(
          'upgrade',
          '--install',
          release,
          chart,
          `--namespace=${namespace}`,
          `--values=${chart}/values-${environment}.yaml`,
          `--values=${chart}/versions-${environment}.yaml`,
          ...imageSettings(options),
          ...options.set.map((setting) => `--set=${setting}`),
          '--wait',
          '--timeout=10m',
        ),
      ],
      minutes: 11,
      look: `kubectl --namespace=${namespace} get ksvc,inferenceservices,pods,events; kinds that the cluster does not know come with npm run platform:install`,
    },
    {
      name: 'ready',
      what: 'gateway and model have started once',
      commands: ['services.serving.knative.dev', 'inferenceservices.serving.kserve.io'].map(
        (kind) =>
          cluster.kubectl(
            'wait',
            '--for=condition=Ready',
            '--timeout=300s',
            `--namespace=${namespace}`,
            kind,
            `--selector=app.kubernetes.io/instance=${release}`,
          ),
      ),
      minutes: 11,
      look: `kubectl --namespace=${namespace} describe ksvc,inferenceservices; are the images where --registry says?`,
    },
  ]
}

/**
 * What tells where the gateway is: of the Knative Services the public one, since others are for inside the cluster.
 * @param {DeployOptions} options
 */
export function addressCommand({ namespace, release, context }) {
  const isPublic = 'networking.knative.dev/visibility!=cluster-local'
  return createCluster(context).kubectl(
    'get',
    'services.serving.knative.dev',
    `--namespace=${namespace}`,
    `--selector=app.kubernetes.io/instance=${release},${isPublic}`,
    '--output=jsonpath={.items[0].status.url}',
  )
}

/**
 * The first key is made for whoever installs; only its hash is kept.
 * @param {DeployOptions} options
 * @param {string} secret
 * @returns {Step}
 */
function keysStep({ namespace, context }, secret) {
  const { kubectlArgv } = createCluster(context)
  const of = `--namespace=${namespace}`
  return {
    name: 'keys',
    what: `the Secret ${secret} with a key for the gateway`,
    commands: [
      {
        from: ['npm', 'run', '-s', 'key', '--', 'first'],
        argv: kubectlArgv('create', 'secret', 'generic', secret, of, '--from-file=keys=/dev/stdin'),
      },
    ],
    isDone: (ask) =>
      ask(...kubectlArgv('get', 'secret', secret, of, '--output=name')) !== undefined,
    minutes: 1,
    look: `kubectl --namespace=${namespace} get secret ${secret}`,
  }
}

/**
 * The Secret that an environment wants keys from; none where the gateway is open.
 * @param {string} environment
 */
export function keysSecretOf(environment) {
  const values = readFileSync(join(root, chart, `values-${environment}.yaml`), 'utf8')
  return /\bkeysSecret: *"?([a-z0-9.-]+)/.exec(values)?.[1]
}

/** @param {DeployOptions} options */
function imageSettings({ registry, tag }) {
  return services.flatMap((service) => [
    ...(registry ? [`--set=${service}.image.repository=${repositoryOf(service, registry)}`] : []),
    // Not a number, though 1.0 looks like one.
    ...(tag ? [`--set-string=${service}.image.tag=${tag}`] : []),
  ])
}
