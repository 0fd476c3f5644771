import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { problemSchema } from '../../functions/contract/answers.ts'
import { eventTypes } from '../../functions/contract/events.ts'
import { nodeFlags } from '../../scripts/service-environment.mjs'
import { until } from '../services/until.ts'
import { type OtlpReceiver, startOtlpReceiver } from './otlp-receiver.ts'

interface Bundle {
  readonly url: string
  readonly metricsUrl: string
  readonly child: ChildProcess
}

const folder = mkdtempSync(join(tmpdir(), 'ocr-bundles-'))
const children: ChildProcess[] = []

const folderOf = (service: string): string => join(folder, service)
const bundle = (service: string): void =>
  void execFileSync(process.execPath, ['scripts/bundle.mjs', service, folderOf(service)])

/** Runs a service as its image does: from what is bundled, and from nothing else. */
async function startBundle(service: string, settings: Record<string, string>): Promise<Bundle> {
  const { PATH = '' } = process.env
  const env = { PATH, HOST: '127.0.0.1', PORT: '0', OCR_METRICS_PORT: '0', ...settings }
  const child = spawn(process.execPath, [...nodeFlags, 'main.js'], { cwd: folderOf(service), env })
  children.push(child)
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (log += data))
  const originOf = async (message: string) => {
    const port = await until(() => {
      assert.equal(child.exitCode, null, log)
      return new RegExp(`"port":(\\d+)[^\\n]*"msg":"${message}"`).exec(log)?.[1]
    })
    return `http://127.0.0.1:${port}`
  }
  return {
    url: await originOf('listening'),
    metricsUrl: `${await originOf('metrics')}/metrics`,
    child,
  }
}

/** A file of a bundle with all that are read before it runs. */
function withImports(service: string, file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  const source = readFileSync(join(folderOf(service), file), 'utf8')
  for (const [, name = ''] of source.matchAll(/(?:from|import)"\.\/([\w.-]+\.js)"/g)) {
    withImports(service, name, seen)
  }
  return seen
}

/** The file of a bundle that is made of one of ours, which is imported when it is needed. */
const lateFile = (service: string, name: string): string =>
  readdirSync(folderOf(service)).find((file) => file.startsWith(`${name}-`)) ?? ''

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}

describe('the bundles that the images run', () => {
  let receiver: OtlpReceiver
  let gateway: Bundle
  before(async () => {
    for (const service of ['model', 'gateway']) bundle(service)
    receiver = await startOtlpReceiver()
    const model = await startBundle('model', { OCR_ENGINE_PROCESSES: '1' })
    await until(async () => (await fetch(`${model.url}/v2/health/ready`)).ok || undefined)
    gateway = await startBundle('gateway', {
      KSERVE_URL: `${model.url}/v2/models/ocr-model/infer`,
      OCR_ACCESS: 'open',
      OCR_EVENTS: 'open',
      OCR_DATAREF_ORIGINS: 's3://scans',
      // Nobody listens there.
      AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9',
      AWS_ACCESS_KEY_ID: 'key',
      AWS_SECRET_ACCESS_KEY: 'secret',
      OTEL_METRICS_EXPORTER: 'prometheus,otlp',
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
    })
  })
  after(async () => {
    for (const child of children.toReversed()) await stop(child)
    await receiver[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  })

  const send = (headers: Record<string, string>, body: NonNullable<RequestInit['body']>) =>
    fetch(`${gateway.url}/events`, {
      method: 'POST',
      headers: {
        prefer: 'reply',
        'ce-specversion': '1.0',
        'ce-type': eventTypes.submitted,
        'ce-source': '/bundles',
        ...headers,
      },
      body,
    })

  it('read an event, for which something is loaded late', async () => {
    const image = new Uint8Array(readFileSync('examples/invoice.png'))
    const response = await send({ 'ce-id': '1', 'content-type': 'image/png' }, image)
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('ce-type'), eventTypes.recognized)
    assert.match(await response.text(), /Green Valley Seeds/)
  })

  it('ask a store for a document, for which more is loaded late', async () => {
    const body = JSON.stringify({ dataref: 's3://scans/contract.pdf' })
    const response = await send({ 'ce-id': '2', 'content-type': 'application/json' }, body)
    assert.equal(problemSchema.parse(await response.json()).code, 'reference_unavailable')
  })

  it('make a PDF and describe their API, for which they have files of packages', async () => {
    const body = new Uint8Array(readFileSync('examples/invoice.png'))
    const pdf = await fetch(`${gateway.url}/v1/ocr?format=pdf`, { method: 'POST', body })
    assert.match(await pdf.text(), /^%PDF/)
    const docs = await fetch(`${gateway.url}/docs`)
    assert.match(await docs.text(), /swagger/i)
  })

  it('read nothing of OpenTelemetry before they listen', () => {
    // What only the SDK of metrics, and only that of traces, has in it.
    const marks = ['nodejs_version_info', 'BatchSpanProcessor']
    const has = (service: string, files: Iterable<string>) =>
      marks.map((mark) =>
        [...files].some((file) =>
          readFileSync(join(folderOf(service), file), 'utf8').includes(mark),
        ),
      )
    for (const service of ['model', 'gateway']) {
      const late = ['meter-provider', 'tracer-provider'].map((name) => lateFile(service, name))
      assert.deepEqual(has(service, withImports(service, 'main.js')), [false, false])
      assert.deepEqual(has(service, late), [true, true])
    }
  })

  it('are in the compile cache of their image, with what is loaded late', () => {
    const cache = join(folder, 'cache')
    const env = { ...process.env, NODE_COMPILE_CACHE: cache }
    const args = ['scripts/warm.mjs', folderOf('gateway'), 'listening']
    execFileSync(process.execPath, args, { env, timeout: 20_000 })
    const files = new Set<string>()
    withImports('gateway', 'main.js', files)
    withImports('gateway', lateFile('gateway', 'meter-provider'), files)
    withImports('gateway', lateFile('gateway', 'tracer-provider'), files)
    // One folder for each set of flags: that of the script, which has none, has itself and what it imports.
    const cached = readdirSync(cache).map((flags) => readdirSync(join(cache, flags)).length)
    assert.deepEqual(
      cached.toSorted((a, b) => a - b),
      [2, files.size],
    )
  })

  it('tell of themselves, for which OpenTelemetry is loaded late', async () => {
    const text = await (await fetch(gateway.metricsUrl)).text()
    assert.match(text, /^http_server_request_duration_seconds_count\{/m)
    assert.match(text, /^process_cpu_seconds_total /m)
    await stop(gateway.child)
    const metrics = receiver.metrics.map(({ name }) => name)
    assert.ok(metrics.includes('http.server.request.duration.seconds'))
    assert.ok(receiver.spans.some(({ name }) => name === 'POST /events'))
  })
})
