import { execFile } from 'node:child_process'
import { hash, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { Agent, type Dispatcher, FormData, request } from 'undici'

const run = promisify(execFile)

/** Where the ingress of Knative is reached from where the test runs. */
const ingress = process.env['OCR_INGRESS_URL'] ?? 'http://kourier.kourier-system.svc.cluster.local'
/** A connection for each request, so that none is tied to a pod; time enough for cold starts. */
const dispatcher = new Agent({ pipelining: 0, headersTimeout: 200_000, connections: 100 })

export const namespace = `ocr-test-${process.pid}`
export const gateway = 'ocr-gateway'
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
const authorization = `Bearer ${key}`
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
  const args = ['create', '--dry-run=server', '--validate=strict', '--filename', '-']
  const running = run('kubectl', ['--namespace', namespace, ...args])
  running.child.stdin?.end(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests }))
  const { stderr } = await running
  return stderr.split('\n').filter(Boolean)
}

export const untilReady = async (): Promise<void> => {
  const wait = ['wait', '--for=condition=Ready', '--timeout=120s']
  await kubectl(...wait, `services.serving.knative.dev/${gateway}`)
  await kubectl(...wait, `inferenceservices/${model}`)
}

export interface Answer {
  readonly status: number
  readonly text: string
  readonly ms: number
}

async function answerTo(
  url: string,
  options: Omit<Dispatcher.RequestOptions, 'origin' | 'path'>,
): Promise<Answer> {
  const start = performance.now()
  const { statusCode, body } = await request(url, { dispatcher, ...options })
  const text = await body.text()
  return { status: statusCode, text, ms: performance.now() - start }
}

let host = ''

/** A request to the gateway by the ingress. */
async function atGateway(path: string, init: { method: 'GET' | 'POST'; body?: FormData }) {
  host ||= (
    await kubectl('get', `services.serving.knative.dev/${gateway}`, '-o', 'jsonpath={.status.url}')
  ).replace(/^https?:\/\//, '')
  return await answerTo(`${ingress}${path}`, { headers: { host, authorization }, ...init })
}

export const isGatewayAlive = () => atGateway('/livez', { method: 'GET' })

function form(image: Buffer): FormData {
  const body = new FormData()
  body.append('image_file', new Blob([new Uint8Array(image)]), 'image')
  return body
}

/** Has the whole system read an image. */
export const read = (image: Buffer): Promise<Answer> =>
  atGateway('/gateway/ocr', { method: 'POST', body: form(image) })

/** The same by an address that needs no ingress. */
export const readAt = (url: string, image: Buffer): Promise<Answer> =>
  answerTo(`${url}/gateway/ocr`, { method: 'POST', headers: { authorization }, body: form(image) })

/** Has the model alone read an image. */
export function infer(image: Buffer): Promise<Answer> {
  return answerTo(`${predictorUrl}/v2/models/${model}/infer`, {
    method: 'POST',
    headers: { 'inference-header-content-length': '0' },
    body: image,
  })
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
  const giveUp = performance.now() + 180_000
  while (performance.now() < giveUp) {
    const { gateway, model } = await replicas()
    if (gateway + model === 0) return
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  throw new Error('The pods were still there after 180 s.')
}
