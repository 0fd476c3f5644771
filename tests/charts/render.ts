import { execFileSync } from 'node:child_process'
import { parseAllDocuments } from 'yaml'

// biome-ignore lint/suspicious/noExplicitAny: manifests of every kind
export type Manifest = any

const helm = (...args: string[]): string =>
  execFileSync('helm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

export const lint = (chart: string, ...args: string[]) => helm('lint', '--strict', chart, ...args)

/** What is said to whoever installs a chart. */
export const notesOf = (chart: string, ...args: string[]) =>
  helm('install', 'ocr', chart, '--dry-run=client', ...args).split('NOTES:\n')[1] ?? ''

/** The resources of a chart, as `helm template` renders them. */
export function render(chart: string, ...args: string[]): Manifest[] {
  const text = helm('template', 'ocr', chart, '--namespace', 'ocr', ...args)
  return parseAllDocuments(text)
    .map((document) => document.toJS())
    .filter(Boolean)
}

const system = 'argocd/ocr-system'

/** What has to be said to each chart: who may call the gateway. */
export const openTo = {
  knative: ['--set', 'access.open=true'],
  kserve: [],
  observability: [],
  [system]: ['--set', 'gateway.access.open=true'],
} as const

const environment = (name: string): string[] => [
  '--values',
  `${system}/values-${name}.yaml`,
  '--values',
  `${system}/versions-${name}.yaml`,
]
const services = ['gateway', 'model', 'observability.gateway', 'observability.model']
const modes = (mode: string) => services.flatMap((service) => ['--set', `${service}.mode=${mode}`])
const withData = ['--set', 'model.storageUri=s3://bucket/tessdata']
const deadLetterSink = 'gateway.events.deadLetterSink.uri=http://dead-letters.ocr.svc.cluster.local'
const withEvents = [
  '--set',
  `gateway.events.enabled=true,${deadLetterSink},gateway.sink=http://results.ocr.svc.cluster.local`,
]

/** The system in every environment and mode that there is. */
export const renderings: Readonly<Record<string, Manifest[]>> = Object.fromEntries(
  ['dev', 'production'].flatMap((name) => [
    ...['knative', 'standard'].flatMap((mode) => [
      [`${name}, ${mode}`, render(system, ...environment(name), ...modes(mode))],
      [
        `${name}, ${mode}, with language data`,
        render(system, ...environment(name), ...modes(mode), ...withData),
      ],
    ]),
    [`${name}, knative, with events`, render(system, ...environment(name), ...withEvents)],
  ]),
)

export const ofKind = (manifests: readonly Manifest[], kind: string): Manifest[] =>
  manifests.filter((manifest) => manifest.kind === kind)

/** The pod specs within a resource. */
export function podsOf({ kind, spec }: Manifest): Manifest[] {
  if (kind === 'Deployment' || (kind === 'Service' && spec.template)) return [spec.template.spec]
  if (kind === 'ServingRuntime') return [spec]
  if (kind === 'InferenceService' && spec.predictor.containers) return [spec.predictor]
  return []
}
