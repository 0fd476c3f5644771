import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { nodeFlags } from './service-environment.mjs'

// Starts the service of a bundle, node scripts/warm.mjs FOLDER MESSAGE, until it logs a message, fetches its metrics and
// stops it. Node writes its compile cache then, of what is loaded late as well, for the same flags alone; and an image
// whose service does not start fails to build.

const [folder = '', message = ''] = process.argv.slice(2)
const settings = {
  HOST: '127.0.0.1',
  PORT: '0',
  OCR_METRICS_PORT: '0',
  OCR_ACCESS: 'open',
  // Loaded, and sends nothing.
  OTEL_TRACES_EXPORTER: 'otlp',
  OTEL_TRACES_SAMPLER_ARG: '0',
}
const service = spawn(process.execPath, [...nodeFlags, `${folder}/main.js`], {
  env: { ...process.env, ...settings },
  stdio: ['ignore', 'pipe', 'inherit'],
})
const closed = once(service, 'close')

/** Ports by the message that they were logged with. */
const ports = new Map()
let isWarm = false
for await (const line of createInterface({ input: service.stdout })) {
  process.stdout.write(`${line}\n`)
  const { msg, port } = JSON.parse(line)
  ports.set(msg, port)
  if (isWarm || !ports.has(message) || !ports.has('metrics')) continue
  const { ok } = await fetch(`http://127.0.0.1:${ports.get('metrics')}/metrics`)
  // A second signal would end it at once.
  isWarm = ok
  service.kill('SIGTERM')
}
const [code, signal] = await closed
process.exit(isWarm && !signal ? code : 1)
