import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { problemSchema } from '../../functions/contract/answers.ts'
import { eventTypes } from '../../functions/contract/events.ts'
import { until } from './services.ts'

interface Bundle {
  readonly url: string
  readonly child: ChildProcess
}

const folder = mkdtempSync(join(tmpdir(), 'ocr-bundles-'))
const children: ChildProcess[] = []

/** Runs a service as its image does: from what is bundled, and from nothing else. */
async function startBundle(service: string, settings: Record<string, string>): Promise<Bundle> {
  const bundle = join(folder, service)
  execFileSync(process.execPath, ['scripts/bundle.mjs', service, bundle])
  const { PATH = '' } = process.env
  const env = { PATH, HOST: '127.0.0.1', PORT: '0', ...settings }
  const child = spawn(process.execPath, ['main.js'], { cwd: bundle, env })
  children.push(child)
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (log += data))
  const port = await until(() => {
    assert.equal(child.exitCode, null, log)
    return /"port":(\d+)/.exec(log)?.[1]
  })
  return { url: `http://127.0.0.1:${port}`, child }
}

describe('the bundles that the images run', () => {
  let gateway: Bundle
  before(async () => {
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
    })
  })
  after(async () => {
    for (const child of children.toReversed()) {
      if (child.exitCode !== null) continue
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
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
})
