import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { describe, it } from 'node:test'
import { childrenOf, isRunning, until } from './services.ts'

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}

function npmStart(ports: { model: number; gateway: number }): ChildProcess & { output(): string } {
  const env = {
    ...process.env,
    OCR_MODEL_PORT: String(ports.model),
    OCR_GATEWAY_PORT: String(ports.gateway),
  }
  const child = spawn('npm', ['start'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data))
  return Object.assign(child, { output: () => output })
}

/** Processes with a variable in their environment: all that came of one `npm start`. */
function processesWith(variable: string): number[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger)
  return pids.filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(variable)
    } catch {
      return false // It ended while we looked.
    }
  })
}

describe('npm start', () => {
  it('says when it is ready and how to try it, and stops at SIGTERM without a trace', async () => {
    const ports = { model: await freePort(), gateway: await freePort() }
    const child = npmStart(ports)
    const command = await until(() => /^ready .*\n\s+(curl .*)$/m.exec(child.output())?.[1])
    const [file = '', ...args] = command.split(' ')
    const answer = JSON.parse(execFileSync(file, ['-s', ...args], { encoding: 'utf8' }))
    assert.match(answer.text, /^Green Valley Seeds\n/)
    assert.match(answer.text, /^Total 20\.60$/m)

    // npm, our script and the services carry the variable; the engines are the model's children.
    const ours = processesWith(`OCR_MODEL_PORT=${ports.model}`)
    const engines = ours.flatMap(childrenOf).filter((pid) => !ours.includes(pid))
    assert.ok(ours.length >= 4 && engines.length >= 1)
    child.kill('SIGTERM')
    await once(child, 'close')
    assert.deepEqual([...ours, ...engines].filter(isRunning), [])
  })

  it('names the port that is taken, and how to take another', async (t) => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.after(() => server.close())
    const address = server.address()
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0
    const child = npmStart({ model: port, gateway: await freePort() })
    const [code] = await once(child, 'close')
    assert.equal(code, 1)
    assert.match(child.output(), new RegExp(`Port ${port} is in use. Set OCR_MODEL_PORT`))
  })
})
