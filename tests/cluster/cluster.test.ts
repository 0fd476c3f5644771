import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import sharp from 'sharp'
import { renderings } from '../charts/render.ts'
import { runPytest } from '../clients/pytest.ts'
import { pdfOf } from '../documents/containers.ts'
import { densePage, receipt } from '../documents/corpus.ts'
import {
  dryRun,
  gateway,
  install,
  kubectl,
  livingPredictors,
  model,
  namespace,
  predictorUrl,
  replicas,
  revisions,
  untilReady,
  untilZero,
} from './cluster.ts'
import { describeEvents } from './events.ts'
import { type Answer, infer, isGatewayAlive, read, readAt } from './requests.ts'
import { describeWatching } from './watching.ts'

const invoice = readFileSync('examples/invoice.png')
const python = '.cache/clients/bin/python'
const rounds = 5

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`
const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

function assertInvoice({ status, text }: Answer): void {
  assert.equal(status, 200, text.slice(0, 300))
  assert.match(text, /Green Valley Seeds/)
}

/** Sends receipts in some lanes while something is done, and a while longer; every answer must be right. */
async function underLoad(
  lanes: number,
  work: () => Promise<unknown>,
  readImage: (image: Buffer) => Promise<Answer> = read,
): Promise<number> {
  const image = await receipt(1)
  let isOver = false
  let count = 0
  const lane = async () => {
    while (!isOver) {
      const { status, text } = await readImage(image)
      assert.equal(status, 200, text.slice(0, 300))
      assert.match(text, /Receipt/)
      count++
    }
  }
  const running = Promise.all(Array.from({ length: lanes }, lane))
  // A lane that fails is told of when the work is over.
  running.catch(() => undefined)
  await pause(3_000)
  await work()
  await pause(5_000)
  isOver = true
  await running
  return count
}

describe('the system on a cluster', () => {
  before(async () => {
    await kubectl('create', 'namespace', namespace)
    const restricted = ['enforce', 'warn'].map(
      (mode) => `pod-security.kubernetes.io/${mode}=restricted`,
    )
    await kubectl('label', 'namespace', namespace, ...restricted)
  })
  after(() => kubectl('delete', 'namespace', namespace, '--wait=false'))

  describe('would take the charts', () => {
    // Knative tries the pod of a Service, and for that its account.
    before(async () => {
      for (const name of [gateway, model]) await kubectl('create', 'serviceaccount', name)
    })
    after(() => kubectl('delete', 'serviceaccount', gateway, model))

    for (const [name, manifests] of Object.entries(renderings)) {
      it(`as rendered for ${name}`, async () => {
        const others = manifests.filter(({ kind }) => kind !== 'ServiceAccount')
        const here = others.map((manifest) => ({
          ...manifest,
          metadata: { ...manifest.metadata, namespace },
        }))
        assert.deepEqual(await dryRun(here), [])
      })
    }
  })

  it('is installed by one command, restricted and without a warning', async (t) => {
    const start = performance.now()
    assert.deepEqual(await install(), [])
    await untilReady()
    t.diagnostic(`ready ${seconds(performance.now() - start)} after helm install`)
    const events = await kubectl('get', 'events', '-o', 'jsonpath={.items[*].reason}')
    assert.doesNotMatch(events, /FailedCreate/)
    const policies = await kubectl('get', 'pods', '-o', 'jsonpath={.items[*].metadata.name}')
    assert.match(policies, /ocr-gateway.* ocr-model|ocr-model.* ocr-gateway/)
  })

  it('reads a document that comes by the ingress', async () => assertInvoice(await read(invoice)))

  it('reads a PDF', async () => assertInvoice(await read(await pdfOf([sharp(invoice)]))))

  it("is a v2 server for other people's clients at the predictor's address", async (t) => {
    if (!existsSync(python)) return t.skip(`${python} is not there; npm run test:clients makes it`)
    const names = ['triton_http', 'triton_grpc', 'kserve', 'reflection', 'formats']
    const files = names.map((name) => `tests/clients/test_${name}.py`)
    assert.deepEqual(await runPytest({ python, modelUrl: predictorUrl, files }), [])
  })

  it('answers the first request after zero', async (t) => {
    const times: Record<string, number[]> = { gateway: [], model: [], both: [] }
    for (let round = 0; round < rounds; round++) {
      await untilZero()
      const alive = await isGatewayAlive()
      assert.equal(alive.status, 200)
      times['gateway']?.push(alive.ms)
      const inferred = await infer(invoice)
      assertInvoice(inferred)
      times['model']?.push(inferred.ms)
      await untilZero()
      const both = await read(invoice)
      assertInvoice(both)
      times['both']?.push(both.ms)
    }
    for (const [what, values] of Object.entries(times)) {
      const all = values.map(seconds).join(', ')
      t.diagnostic(`cold start of ${what}: p50 ${seconds(median(values))} (${all})`)
    }
  })

  it('scales out for 40 pages at once, and back to zero', async (t) => {
    const page = await densePage()
    const start = performance.now()
    const timeline: string[] = []
    let most = 0
    let isOver = false
    const watch = async () => {
      while (!isOver) {
        const { model } = await replicas()
        most = Math.max(most, model)
        if (timeline.at(-1)?.split(' ').at(-1) !== String(model)) {
          timeline.push(`${seconds(performance.now() - start)}: ${model}`)
        }
        await pause(500)
      }
    }
    const watching = watch()
    const answers = await Promise.all(Array.from({ length: 40 }, () => read(page)))
    const statuses = answers.map(({ status }) => status)
    assert.deepEqual(statuses, Array(40).fill(200))
    const slowest = Math.max(...answers.map(({ ms }) => ms))
    await untilZero()
    isOver = true
    await watching
    t.diagnostic(`40 pages in ${seconds(slowest)}; pods of the model at ${timeline.join(', ')}`)
    assert.equal(most, 4)
  })

  describeEvents(invoice)
  describeWatching(invoice)

  it('loses no request when a busy predictor is deleted', async (t) => {
    const count = await underLoad(8, async () => {
      const pod = (await livingPredictors())[0] ?? ''
      assert.ok(pod)
      await kubectl('delete', 'pod', pod, '--wait=false')
      await pause(10_000)
      assert.equal((await livingPredictors()).includes(pod), false)
    })
    t.diagnostic(`${count} requests, all answered`)
  })

  it('loses no request when a new revision is rolled out', async (t) => {
    const count = await underLoad(8, async () => {
      const old = await revisions()
      const quiet = 'model.settings.OCR_LOG_LEVEL=warn,gateway.settings.OCR_LOG_LEVEL=warn'
      await install('--set', quiet)
      const giveUp = performance.now() + 60_000
      while ((await revisions()).some((name, index) => name === old[index])) {
        assert.ok(performance.now() < giveUp, 'there was no new revision')
        await pause(500)
      }
    })
    t.diagnostic(`${count} requests, all answered`)
  })

  it('runs without Knative, too, and restarts there without a lost request', async (t) => {
    // Other names, because Knative's Services of the old ones take a while to go.
    const [gatewayName, modelName] = ['plain-gateway', 'plain-model']
    const names = `gateway.name=${gatewayName},gateway.model=${modelName},model.name=${modelName}`
    const modes = 'gateway.mode=standard,gateway.events.enabled=false,model.mode=standard'
    assert.deepEqual(await install('--set', `${names},${modes}`), [])
    await kubectl(
      'wait',
      '--for=condition=Ready',
      '--timeout=120s',
      `inferenceservices/${modelName}`,
    )
    for (const name of [gatewayName, `${modelName}-predictor`]) {
      await kubectl('rollout', 'status', `deployment/${name}`, '--timeout=120s')
    }
    const service = `http://${gatewayName}.${namespace}.svc.cluster.local`
    // New Services take the node a moment.
    await pause(5_000)
    assertInvoice(await readAt(service, invoice))
    const restart = async () => {
      await kubectl('rollout', 'restart', `deployment/${gatewayName}`)
      await kubectl('rollout', 'status', `deployment/${gatewayName}`, '--timeout=120s')
      await pause(8_000)
    }
    const count = await underLoad(4, restart, (image) => readAt(service, image))
    t.diagnostic(`${count} requests while the gateway was restarted, all answered`)
  })
})
