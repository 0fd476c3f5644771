import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeFlags } from '../../scripts/service-environment.mjs'
import { median } from '../measure.ts'

const rounds = 11

const bareServer = `
  const server = require('node:http').createServer()
  server.listen(0, '127.0.0.1', () => console.log('listening'))
  process.on('SIGTERM', () => process.exit())`

/** Milliseconds from the start of Node until a server listens: the gateway's bundle, and one that does nothing. */
export async function startTimes() {
  const folder = mkdtempSync(join(tmpdir(), 'ocr-bundle-'))
  try {
    execFileSync(process.execPath, ['scripts/bundle.mjs', 'gateway', folder])
    const programs = { gateway: [...nodeFlags, join(folder, 'main.js')], bare: ['-e', bareServer] }
    const cache = join(folder, 'cache')
    const times = { gateway: [] as number[], bare: [] as number[] }
    // The first start fills the compile cache, as the image's build does.
    for (let round = -1; round < rounds; round++) {
      for (const name of ['gateway', 'bare'] as const) {
        const ms = await untilListening(programs[name], cache)
        if (round >= 0) times[name].push(ms)
      }
    }
    return { gateway: median(times.gateway), bare: median(times.bare) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function untilListening(args: string[], cache: string): Promise<number> {
  const settings = { HOST: '127.0.0.1', PORT: '0', OCR_METRICS_PORT: '0', OCR_ACCESS: 'open' }
  const env = { ...process.env, ...settings, NODE_COMPILE_CACHE: cache }
  const start = performance.now()
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  let output = ''
  for await (const chunk of child.stdout) {
    output += chunk
    if (output.includes('listening')) break
  }
  const ms = performance.now() - start
  child.kill('SIGTERM')
  await exited
  return ms
}
