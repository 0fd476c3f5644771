import { execFile } from 'node:child_process'
import { hash, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { within } from './within.ts'

const run = promisify(execFile)

export const namespace = `ocr-test-${process.pid}`
export const gateway = 'ocr-gateway'
export const eventsGateway = `${gateway}-events`
export const model = 'ocr-model'
export const predictorUrl = `http://${model}-predictor.${namespace}.svc.cluster.local`

/** Runs kubectl in the test's namespace and returns what it prints. */
export async function kubectl(...args: string[]): Promise<string> {
  const { stdout } = await run('kubectl', ['--namespace', namespace, ...args], {
    maxBuffer: 2 ** 26,
  })
  return stdout
}

const key = randomBytes(32).toString('base64url')
/** The header by which the gateway knows the tests. */
export const authorization = `Bearer ${key}`
let secret: Promise<string> | undefined

/** Keeps the hash of the tests' key where values.yaml says that it is. */
function createSecret(): Promise<string> {
  const keys = `--from-literal=keys=tests ${hash('sha256', key)}`
  secret ??= kubectl('create', 'secret', 'generic', 'ocr-keys', keys)
  return secret
}

/** Installs or upgrades the system, and returns the warnings of the cluster. */
export async function install(...args: string[]): Promise<string[]> {
  await createSecret()
  const values = ['--values', 'tests/cluster/values.yaml', ...args]
  const { stderr } = await run('helm', [
    'upgrade',
    '--install',
    '--namespace',
    namespace,
    'ocr',
    'argocd/ocr-system',
    ...values,
  ])
  return stderr.split('\n').filter((line) => /warn/i.test(line))
}

/** What the API server and its webhooks say to manifests that are not kept. */
export async function dryRun(manifests: readonly unknown[]): Promise<string[]> {
  return await create(manifests, '--dry-run=server', '--validate=strict')
}

/** Makes resources in the test's namespace, and returns the warnings of the cluster. */
export async function create(manifests: readonly unknown[], ...args: string[]): Promise<string[]> {
  const command = ['--namespace', namespace, 'create', ...args, '--filename', '-']
  const running = run('kubectl', command)
  running.child.stdin?.end(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests }))
  const { stderr } = await running
  return stderr.split('\n').filter(Boolean)
}

export const untilReady = async (): Promise<void> => {
  const wait = ['wait', '--for=condition=Ready', '--timeout=120s']
  await kubectl(...wait, `services.serving.knative.dev/${gateway}`)
  await kubectl(...wait, `services.serving.knative.dev/${eventsGateway}`)
  await kubectl(...wait, `inferenceservices/${model}`)
  await kubectl(...wait, 'brokers,triggers', '--all')
}

interface List {
  readonly items: ReadonlyArray<{
    readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> }
    readonly spec: { readonly replicas?: number }
  }>
}

/** Pods that are wanted of gateway and model; pods that end are not counted. */
export async function replicas(): Promise<{ gateway: number; model: number }> {
  const { items } = JSON.parse(await kubectl('get', 'deployments', '-o', 'json')) as List
  const of = (service: string) =>
    items
      .filter(({ metadata }) => metadata.labels['serving.knative.dev/service'] === service)
      .reduce((sum, { spec }) => sum + (spec.replicas ?? 0), 0)
  return { gateway: of(gateway), model: of(`${model}-predictor`) }
}

/** Pods of the model that are not about to end. */
export async function livingPredictors(): Promise<string[]> {
  const text = await kubectl('get', 'pods', '--selector=component=predictor', '-o', 'json')
  const { items } = JSON.parse(text) as {
    items: Array<{ metadata: { name: string; deletionTimestamp?: string } }>
  }
  return items
    .filter(({ metadata }) => !metadata.deletionTimestamp)
    .map(({ metadata }) => metadata.name)
}

/** The requests that pods have logged, as far as those pods are still there. */
export async function loggedRequests(pods: {
  selector: string
  container: string
  since: Date
}): Promise<ReadonlyArray<{ route: string; status: number }>> {
  const { selector, container, since } = pods
  const text = await kubectl('logs', '--tail=-1', '--selector', selector, '--container', container)
  const lines = text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { time: string; msg: string; route: string; status: number })
  return lines.filter(({ msg, time }) => msg === 'request' && new Date(time) >= since)
}

/** The revisions of gateway and model that serve. */
export async function revisions(): Promise<string[]> {
  const names = [gateway, `${model}-predictor`].map(
    (name) => `services.serving.knative.dev/${name}`,
  )
  const path = 'jsonpath={.items[*].status.latestReadyRevisionName}'
  return (await kubectl('get', ...names, '-o', path)).split(' ')
}

/** Waits until neither has a pod. */
export async function untilZero(): Promise<void> {
  await within(180, 'no pods', async () => {
    const { gateway, model } = await replicas()
    return gateway + model === 0 || undefined
  })
}
