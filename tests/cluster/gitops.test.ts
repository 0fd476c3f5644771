import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import { parse, stringify } from 'yaml'
import type { Manifest } from '../charts/render.ts'
import { gateway, kubectl, model, namespace, untilZero } from './cluster.ts'
import { ownAddress, type ServedCopy, serveCopy } from './git-server.ts'
import { read } from './requests.ts'
import { within } from './within.ts'

const run = promisify(execFile)
const argocd = 'argocd'
const application = 'applications.argoproj.io/ocr-dev'
const service = `services.serving.knative.dev/${gateway}`
const inferenceService = `inferenceservices.serving.kserve.io/${model}`
const invoice = readFileSync('examples/invoice.png')

interface State {
  readonly sync: string
  readonly health: string
  readonly revision: string
}

async function state(): Promise<State> {
  const path = 'jsonpath={.status.sync.status} {.status.health.status} {.status.sync.revision}'
  const text = await kubectl('--namespace', argocd, 'get', application, '-o', path)
  const [sync = '', health = '', revision = ''] = text.split(' ')
  return { sync, health, revision }
}

const isGood = ({ sync, health }: State): boolean => sync === 'Synced' && health === 'Healthy'
const get = (resource: string, path: string) => kubectl('get', resource, '-o', `jsonpath=${path}`)
const windowOf = (resource: string) =>
  get(resource, '{.spec.template.metadata.annotations.autoscaling\\.knative\\.dev/window}')

/** Has Argo CD look at Git at once, as a webhook would. */
const refresh = () =>
  kubectl(
    '--namespace',
    argocd,
    'annotate',
    application,
    '--overwrite',
    'argocd.argoproj.io/refresh=normal',
  )

const valuesFile = 'argocd/ocr-system/values-dev.yaml'

function edit({ folder }: ServedCopy, path: string, change: (values: Manifest) => object): void {
  const file = join(folder, path)
  writeFileSync(file, stringify(change(parse(readFileSync(file, 'utf8')))))
}

/** The environment `dev` as the tests' cluster can have it, in a namespace of the tests. */
function fitToCluster(copy: ServedCopy): void {
  const values = parse(readFileSync('tests/cluster/values.yaml', 'utf8'))
  values.gateway.access = { open: true }
  edit(copy, valuesFile, () => values)
  edit(copy, 'argocd/ocr-system/versions-dev.yaml', () => ({}))
  const dev = { namespace, revision: 'main', server: 'https://kubernetes.default.svc' }
  edit(copy, 'argocd/gitops/values.yaml', (all) => ({ ...all, environments: { dev } }))
}

function setWindow(copy: ServedCopy, window: string): void {
  edit(copy, valuesFile, (values) => {
    values.gateway.scale.window = window
    return values
  })
}

/** Why it cannot be tried here, if so. */
async function obstacle(): Promise<string | undefined> {
  const names = await kubectl('get', 'crd', '-o', 'name')
  if (!names.includes('applicationsets.argoproj.io')) return 'the cluster has no Argo CD'
  const projects = await kubectl('--namespace', argocd, 'get', 'appprojects', '-o', 'name')
  if (projects.includes('/ocr\n'))
    return 'the cluster has the project ocr, which is not of this test'
  return undefined
}

describe('Argo CD, from a repository alone', () => {
  let copy: ServedCopy | undefined
  let why: string | undefined

  before(async () => {
    const path = 'jsonpath={.items[*].status.addresses[*].address}'
    const address = ownAddress((await kubectl('get', 'nodes', '-o', path)).split(' '))
    why = await obstacle()
    if (!address) why ??= 'no node of the cluster has an address of this machine for a Git server'
    if (why || !address) return
    copy = await serveCopy(address)
    fitToCluster(copy)
    await copy.commit('As the tests want it')
  })

  after(async () => {
    if (!copy) return
    using _served = copy
    await run('helm', ['uninstall', 'ocr-gitops', '--namespace', argocd])
    const gone = ['wait', '--for=delete', '--timeout=180s']
    await kubectl('--namespace', argocd, ...gone, 'appprojects.argoproj.io/ocr')
    const left = await kubectl('get', 'ksvc,inferenceservices,brokers,triggers', '-o', 'name')
    await kubectl('delete', 'namespace', namespace, '--wait=false')
    assert.equal(left, '', 'what was installed goes with the Application')
  })

  const test = (name: string, work: (copy: ServedCopy, t: TestContext) => Promise<void>) =>
    it(name, (t) => (copy ? work(copy, t) : t.skip(why)))

  /** @returns seconds until it was so */
  const until = async (what: string, isSo: () => Promise<boolean>): Promise<string> => {
    const start = performance.now()
    await within(120, what, async () => (await isSo().catch(() => false)) || undefined)
    return `${((performance.now() - start) / 1000).toFixed(1)} s`
  }

  test('installs the whole system into a namespace that is not there', async ({
    folder,
    url,
  }, t) => {
    const start = performance.now()
    const script = join(folder, 'scripts/gitops.mjs')
    const { stdout } = await run('node', [script, '--repo', url, '--environment', 'dev'])
    t.diagnostic(`Synced and Healthy after ${((performance.now() - start) / 1000).toFixed(1)} s`)
    assert.match(stdout, /ocr-dev: Synced, Healthy/)
    const { status, text } = await read(invoice)
    assert.equal(status, 200, text.slice(0, 300))
    assert.match(text, /Green Valley Seeds/)
    const label = '{.metadata.labels.pod-security\\.kubernetes\\.io/enforce}'
    assert.equal(await get(`namespace/${namespace}`, label), 'restricted')
  })

  test('is Healthy while everything is at zero, even when KServe has looked at it', async () => {
    await untilZero()
    await kubectl('annotate', inferenceService, 'tests/looked-at=zero', '--overwrite')
    // What is annotated is a new revision, which starts once.
    await until('Healthy', async () => isGood(await state()))
    await untilZero()
    await refresh()
    await until('Synced and Healthy', async () => isGood(await state()))
  })

  test('follows a commit', async (served, t) => {
    const before = await state()
    setWindow(served, '17s')
    await served.commit('A longer window')
    await refresh()
    t.diagnostic(
      `there after ${await until('the new window', async () => (await windowOf(service)) === '17s')}`,
    )
    await until('Synced and Healthy', async () => isGood(await state()))
    assert.notEqual((await state()).revision, before.revision)
  })

  test('brings back what was deleted, and undoes what was changed by hand', async (_copy, t) => {
    const uid = await get(service, '{.metadata.uid}')
    await kubectl('delete', service, '--wait=true')
    const isNew = async () => ![uid, ''].includes(await get(service, '{.metadata.uid}'))
    t.diagnostic(`back after ${await until('a new Service', isNew)}`)
    const concurrency = '{"spec":{"template":{"spec":{"containerConcurrency":3}}}}'
    await kubectl('patch', service, '--type=merge', '--patch', concurrency)
    const isUndone = async () =>
      (await get(service, '{.spec.template.spec.containerConcurrency}')) !== '3'
    t.diagnostic(`undone after ${await until('the concurrency of Git', isUndone)}`)
    await until('Synced and Healthy', async () => isGood(await state()))
  })

  test('goes back by a revert', async (served, t) => {
    await served.revert()
    await refresh()
    t.diagnostic(
      `back after ${await until('the old window', async () => (await windowOf(service)) === '6s')}`,
    )
    await until('Synced and Healthy', async () => isGood(await state()))
    const { status } = await read(invoice)
    assert.equal(status, 200)
  })
})
