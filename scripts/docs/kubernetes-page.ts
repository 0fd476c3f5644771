import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { type Command, lines } from '../commands.mjs'
import { addressCommand, type DeployOptions, deploySteps } from '../platform/deploy-steps.mjs'
import { charts, ownVersion, services } from '../platform/image-names.mjs'
import { imageSteps } from '../platform/image-steps.mjs'
import { platformSteps } from '../platform/steps.mjs'
import { versions } from '../platform/versions.mjs'
import { asScript, chosen } from '../steps.mjs'
import { markdownTable } from './markdown-table.ts'

// What docs/kubernetes.md has of the scripts that bring the system onto a cluster: their commands, for those who go by
// hand, and the numbers in the charts.

const width = 118
const registry = 'registry.example.org/ocr'
const environments = ['dev', 'production'] as const

const deployment: DeployOptions = {
  environment: 'production',
  namespace: 'ocr',
  release: 'ocr',
  registry,
  tag: undefined,
  set: [],
  context: undefined,
}

export const kubernetesTables = {
  versions: versionsTable,
  sizes: sizesTable,
  'minikube commands': () => fenced(local('minikube', ['cluster'])),
  'kind commands': () => fenced(local('kind', ['cluster'])),
  'platform commands': () => fenced(asScript(platformSteps({ on: 'current' }), { width })),
  'minikube ingress commands': () => fenced(local('minikube', ['node-port', 'domain'])),
  'kind ingress commands': () => fenced(local('kind', ['node-port', 'domain'])),
  'image commands': () => fenced(imageCommands()),
  'deploy commands': () => fenced(deployCommands()),
  'removal commands': () => fenced(removal()),
}

const local = (on: 'minikube' | 'kind', names: readonly string[]) =>
  asScript(chosen(platformSteps({ on }), names), { width })

function imageCommands() {
  const languages = ['eng', 'osd', 'deu']
  const options = {
    engine: 'docker',
    registry,
    languages,
    isPushed: true,
    load: undefined,
  } as const
  return asScript(imageSteps({ ...options, tag: ownVersion }), { width })
}

const deployCommands = () =>
  [
    asScript(deploySteps(deployment), { width }),
    '# address: where the gateway is',
    ...lines(addressCommand(deployment), width),
  ].join('\n')

/** The platform's commands the other way round. */
function removal() {
  const commands = platformSteps({ on: 'current' }).flatMap((step) => step.commands)
  return commands
    .toReversed()
    .flatMap(undone)
    .flatMap((command) => lines(command, width))
    .join('\n')
}

function undone({ argv }: Command): Command[] {
  const source = argv.find((word) => /^--filename=.+\.yaml$/.test(word))
  const inNamespace = argv.filter((word) => word.startsWith('--namespace='))
  if (argv[0] === 'helm') return [{ argv: ['helm', 'uninstall', argv[3] ?? '', ...inNamespace] }]
  if (argv[1] !== 'apply' || !source) return []
  return [{ argv: ['kubectl', 'delete', '--ignore-not-found', source, ...inNamespace] }]
}

function versionsTable() {
  const names: Record<keyof typeof versions, string> = {
    kubernetes: 'Kubernetes, where minikube or kind makes the cluster',
    certManager: 'cert-manager',
    knativeServing: 'Knative Serving',
    netKourier: 'Kourier (net-kourier)',
    knativeEventing: 'Knative Eventing',
    kserve: 'KServe',
    kubePrometheusStack: 'kube-prometheus-stack (Prometheus, Alertmanager, Grafana)',
    argoCd: 'Argo CD',
  }
  const rows = Object.entries(names).map(([key, name]) => [
    name,
    versions[key as keyof typeof names],
  ])
  return markdownTable([['part', 'version'], ...rows])
}

interface Resources {
  readonly cpu?: string
  readonly memory?: string
}
interface Values {
  readonly scale?: { readonly min: number; readonly max: number }
  readonly resources?: { readonly requests?: Resources; readonly limits?: Resources }
}

function sizesTable() {
  const rows = environments.flatMap((environment) => {
    const system: Record<string, Values> = read(`argocd/ocr-system/values-${environment}.yaml`)
    return services.map((service) => {
      const chart: Values = read(`${charts[service]}/values.yaml`)
      const { scale, resources } = system[service] ?? {}
      const { min, max } = { ...chart.scale, ...scale }
      const requests = { ...chart.resources?.requests, ...resources?.requests }
      const limits = { ...chart.resources?.limits, ...resources?.limits }
      return [`${environment}: ${service}`, `${min}–${max}`, size(requests), size(limits)]
    })
  })
  return markdownTable([['environment', 'pods', 'requested for each', 'limit of each'], ...rows])
}

const read = (path: string) => parse(readFileSync(path, 'utf8'))
const size = ({ cpu, memory }: Resources) => `${cpu} CPU, ${memory}`

const fenced = (commands: string) => `\`\`\`sh\n${commands}\n\`\`\``
