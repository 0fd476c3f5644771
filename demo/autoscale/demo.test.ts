import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { startServer } from '../../tests/services/http-server.ts'
import { demonstrate } from './demo.ts'
import { outputOf } from './fixtures/output.ts'
import { parseOptions } from './options.ts'
import { fakeKubectl, isAlive } from './pods/fixtures/kubectl.ts'

const shortest = ['--idle', '1', '--ramp', '1', '--burst', '1', '--rate', '8']
const never = new AbortController().signal

function folder() {
  const path = mkdtempSync(join(tmpdir(), 'demo-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

interface Demonstrated {
  readonly isGood: boolean
  readonly told: string
  readonly json: Record<string, unknown>
  readonly svg: string
  readonly samples: { answers: unknown[]; pods: unknown[] }
}

/** Runs the demo against a server that answers so. */
async function demo(
  listener: RequestListener,
  environment: NodeJS.ProcessEnv = {},
): Promise<Demonstrated> {
  await using server = await startServer(listener)
  using place = folder()
  const out = join(place.path, 'made', 'picture.svg')
  const [stdout, stderr] = [outputOf(), outputOf()]
  const args = [...shortest, '--url', server.origin, '--out', out, '--json']
  const isGood = await demonstrate(parseOptions(args, {}), {
    ...{ environment, stdout, stderr, signal: never },
  })
  assert.match(stdout.text, /^[^\n]+\n$/)
  const samples = JSON.parse(readFileSync(out.replace('.svg', '.json'), 'utf8'))
  const svg = readFileSync(out, 'utf8')
  return { isGood, told: stderr.text, json: JSON.parse(stdout.text), svg, samples }
}

describe('the demo', () => {
  it('puts the load of its profile on a gateway and writes what it saw', async () => {
    const sizes: number[] = []
    const { isGood, told, json, svg, samples } = await demo((request, response) => {
      sizes.push(Number(request.headers['content-length']))
      response.end('{}')
    })
    assert.ok(isGood)
    // Two in the ramp, eight in the burst.
    const { requests, read, refused, failed, heldBack, mostPods } = json
    assert.deepEqual([requests, read, refused, failed, heldBack], [10, 10, 0, 0, 0])
    assert.equal(mostPods, null)
    assert.deepEqual(new Set(sizes), new Set([readFileSync('examples/invoice.png').length]))
    assert.match(svg, /10 requests, 10 read, 0 refused, 0 failed/)
    assert.equal(samples.answers.length, 10)
    assert.match(told, /Pods are not counted: KUBECONFIG is not set\./)
    assert.match(told, /requests +10: 10 read/)
  })

  it('sees pods come and go', async () => {
    using kubectl = fakeKubectl('well')
    kubectl.setPods(0)
    let count = 0
    const listener: RequestListener = (_, response) => {
      kubectl.setPods(Math.min(3, ++count))
      response.end('{}')
      if (count === 10) setTimeout(() => kubectl.setPods(0), 1_000)
    }
    const environment = { ...kubectl.environment, KUBECONFIG: 'any' }
    const { isGood, told, json, svg, samples } = await demo(listener, environment)
    assert.ok(isGood, told)
    assert.deepEqual(json['mostPods'], { gateway: 3, model: 3 })
    for (const name of ['firstAnswer', 'scaledUpAfter', 'backToZeroAfter']) {
      assert.equal(typeof json[name], 'number', name)
    }
    assert.match(svg, /0 → 3 → 0 pods of the model/)
    assert.ok(samples.pods.length > 4)
    assert.ok(!isAlive(kubectl.pid))
  })

  it('goes on without pods when kubectl dies, and says so', async () => {
    using kubectl = fakeKubectl('dies')
    const environment = { ...kubectl.environment, KUBECONFIG: 'any' }
    const { isGood, told, json } = await demo((_, response) => response.end(), environment)
    assert.ok(isGood)
    assert.equal(json['read'], 10)
    assert.match(told, /Pods are not counted: kubectl ended with 1: error: the cluster is not/)
  })

  it('is not good when a request fails, but when one is refused', async () => {
    let count = 0
    const { isGood, json, told } = await demo((_, response) => {
      response.writeHead(++count === 3 ? 500 : 200).end()
    })
    assert.ok(!isGood)
    assert.equal(json['failed'], 1)
    assert.match(told, /status 500, once/)
    const other = await demo((_, response) => {
      response.writeHead(++count % 2 ? 429 : 200, { 'retry-after': '1' }).end()
    })
    assert.ok(other.isGood)
    assert.deepEqual([other.json['read'], other.json['refused']], [5, 5])
  })

  it('does not go on where nobody reads', async () => {
    await assert.rejects(
      demo((_, response) => response.writeHead(404).end()),
      { message: 'None of the first 5 requests was read: status 404.' },
    )
  })

  it('ends by Ctrl-C with kubectl, and writes nothing', async () => {
    using kubectl = fakeKubectl('well')
    using place = folder()
    kubectl.setPods(0)
    const { promise: asked, resolve } = Promise.withResolvers<void>()
    // It never answers.
    await using server = await startServer(() => resolve())
    const out = join(place.path, 'picture.svg')
    const args = ['--import', 'tsx', 'demo/autoscale/main.ts', ...shortest]
    const child = spawn(process.execPath, [...args, '--url', server.origin, '--out', out], {
      env: { ...kubectl.environment, KUBECONFIG: 'any' },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.on('data', (chunk) => {
      said += chunk
    })
    const closed = once(child, 'close')
    await asked
    assert.ok(isAlive(kubectl.pid))
    child.kill('SIGINT')
    assert.deepEqual(await closed, [130, null])
    assert.match(said, /^stopped by SIGINT; nothing was written\n$/)
    assert.ok(!isAlive(kubectl.pid))
    assert.ok(!existsSync(out))
  })

  it('tells its flags when they are wrong', async () => {
    const args = ['--import', 'tsx', 'demo/autoscale/main.ts', '--rate', 'many']
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (chunk) => {
      said += chunk
    })
    assert.deepEqual(await once(child, 'close'), [2, null])
    assert.match(said, /^--rate is "many", but must be: [\s\S]*--burst SECONDS/)
  })
})
