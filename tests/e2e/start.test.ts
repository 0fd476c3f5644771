import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { densePage } from '../documents/corpus.ts'
import { freePort } from '../services/free-port.ts'
import { childrenOf, isRunning, processesWith } from '../services/processes.ts'
import { busyEngine } from '../services/progress.ts'
import { inferJson } from '../services/requests.ts'
import { until } from '../services/until.ts'

/** Runs `npm start` in a process group of its own, as a terminal does. */
async function npmStart(
  t: TestContext,
  ports: { model: number | string; gateway: number | string },
  settings: Record<string, string> = {},
): Promise<ChildProcess & { output(): string }> {
  const env = {
    ...process.env,
    OCR_MODEL_PORT: String(ports.model),
    OCR_GATEWAY_PORT: String(ports.gateway),
    OCR_MODEL_METRICS_PORT: String(await freePort()),
    OCR_GATEWAY_METRICS_PORT: String(await freePort()),
    ...settings,
  }
  const child = spawn('npm', ['start'], { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  t.after(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'close')
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data))
  return Object.assign(child, { output: () => output })
}

describe('npm start', () => {
  it('says when it is ready and how to try it, and stops at SIGTERM without a trace', async (t) => {
    const ports = { model: await freePort(), gateway: await freePort() }
    const child = await npmStart(t, ports)
    const line = /^ready .*\n\s+curl -F format=text -F file=@(\S+) (\S+)$/m
    const [, path = '', url = ''] = await until(() => line.exec(child.output()) ?? undefined)
    const body = new FormData()
    body.append('format', 'text')
    body.append('file', new Blob([readFileSync(path)]))
    const response = await fetch(url, { method: 'POST', body })
    const text = await response.text()
    assert.match(text, /^Green Valley Seeds\n/)
    assert.match(text, /^Total 20\.60$/m)

    // npm, our script and the services carry the variable; the engines are the model's children.
    const ours = processesWith(`OCR_MODEL_PORT=${ports.model}`)
    const engines = ours.flatMap(childrenOf).filter((pid) => !ours.includes(pid))
    assert.ok(ours.length >= 4 && engines.length >= 1)
    const began = performance.now()
    child.kill('SIGTERM')
    await once(child, 'close')
    assert.deepEqual([...ours, ...engines].filter(isRunning), [])
    assert.ok(performance.now() - began < 5_000)
  })

  it('stops within 5 s at a Ctrl-C in the middle of a page', async (t) => {
    const ports = { model: await freePort(), gateway: await freePort() }
    const child = await npmStart(t, ports)
    await until(() => /^ready/m.exec(child.output()) ?? undefined)
    const ours = processesWith(`OCR_MODEL_PORT=${ports.model}`)
    const engines = ours.flatMap(childrenOf).filter((pid) => !ours.includes(pid))
    const inferUrl = `http://127.0.0.1:${ports.model}/v2/models/ocr-model/infer`
    const answer = inferJson({ inferUrl }, await densePage())
    answer.catch(() => undefined)
    await busyEngine({ engines: () => engines })

    const began = performance.now()
    // A terminal sends it to the whole group.
    process.kill(-(child.pid ?? 0), 'SIGINT')
    await once(child, 'close')
    assert.deepEqual([...ours, ...engines].filter(isRunning), [])
    assert.ok(performance.now() - began < 5_000)
    await assert.rejects(answer)
  })

  it('shows how to send a key where one is asked for', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'ocr-start-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const path = join(folder, 'keys')
    writeFileSync(path, `someone ${'0'.repeat(64)}\n`)
    const ports = { model: await freePort(), gateway: await freePort() }
    const child = await npmStart(t, ports, { OCR_ACCESS: 'keys', OCR_KEYS_FILE: path })
    await until(() => /the API is described/.exec(child.output()) ?? undefined)
    assert.match(child.output(), /^ +curl -H "Authorization: Bearer \$OCR_KEY" -F /m)
  })

  it('refuses a port that is none', async (t) => {
    const child = await npmStart(t, { model: await freePort(), gateway: 'abc' })
    const [code] = await once(child, 'close')
    assert.equal(code, 1)
    assert.match(
      child.output(),
      /^OCR_GATEWAY_PORT is "abc", but must be: a port from 1 to 65535$/m,
    )
  })

  it('has the metrics of both services where it says', async (t) => {
    const child = await npmStart(t, { model: await freePort(), gateway: await freePort() })
    for (const [service, series] of [
      ['model', /^ocr_slots_limit /m],
      ['gateway', /^ocr_uploads_held_limit_bytes /m],
    ] as const) {
      const line = new RegExp(`^The ${service}'s metrics are at (\\S+)$`, 'm')
      const [, url = ''] = await until(() => line.exec(child.output()) ?? undefined)
      assert.match(await (await fetch(url)).text(), series)
    }
  })

  for (const variable of ['OCR_MODEL_PORT', 'OCR_GATEWAY_METRICS_PORT']) {
    it(`names the port that is taken, and ${variable} to take another`, async (t) => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      t.after(() => server.close())
      const address = server.address()
      const port = String(typeof address === 'object' ? address?.port : 0)
      const ports = { model: await freePort(), gateway: await freePort() }
      const child = await npmStart(t, ports, { [variable]: port })
      const [code] = await once(child, 'close')
      assert.equal(code, 1)
      const complaints = child.output().match(/^.* is in use\..*$/gm)
      assert.equal(complaints?.length, 1)
      assert.match(complaints[0] ?? '', new RegExp(`^Port ${port} is in use. Set ${variable} to`))
      assert.doesNotMatch(child.output(), /^starting/m)
    })
  }
})
