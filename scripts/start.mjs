import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { nodeFlags, serviceEnvironment } from './service-environment.mjs'
import { environment, node, root, run, say, setup } from './setup.mjs'

const host = '127.0.0.1'
const ports = { model: portIn('OCR_MODEL_PORT', 8080), gateway: portIn('OCR_GATEWAY_PORT', 8001) }
/** Two services on one machine cannot have the same. */
const metricsPorts = {
  model: portIn('OCR_MODEL_METRICS_PORT', 9465),
  gateway: portIn('OCR_GATEWAY_METRICS_PORT', 9464),
}
const hasMetrics =
  process.env['OTEL_SDK_DISABLED'] !== 'true' &&
  (process.env['OTEL_METRICS_EXPORTER'] || 'prometheus').includes('prometheus')
const gatewayUrl = `http://${host}:${ports.gateway}`
const modelUrl = `http://${host}:${ports.model}`
/** Nobody else reaches the loopback interface. */
const access = process.env['OCR_ACCESS'] || 'open'
/** Under 5 s for both services: requests under way get the grace, and a while later it is killed. */
const graceMs = { gateway: 2_500, model: 500 }
const killAfterMs = { gateway: 3_000, model: 1_800 }

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */

/** @type {Partial<Record<'model' | 'gateway', ChildProcess>>} */
const services = {}
let isStopping = false

/**
 * @param {string} variable
 * @param {number} otherwise
 */
function portIn(variable, otherwise) {
  const value = process.env[variable] || String(otherwise)
  const port = Number(value)
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port
  say(`${variable} is "${value}", but must be: a port from 1 to 65535`)
  process.exit(1)
}

/**
 * Starts a service in a process group of its own: a Ctrl-C reaches only us, and we stop it in order.
 * @param {'model' | 'gateway'} name
 * @param {Record<string, string>} settings
 */
function start(name, settings) {
  const child = spawn(node, [...nodeFlags, '--import', 'tsx', `functions/${name}/main.ts`], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      OCR_LOG_LEVEL: 'warn',
      OCR_SHUTDOWN_GRACE_MS: String(graceMs[name]),
      OCR_EVENTS: access === 'open' ? 'open' : 'keys',
      ...serviceEnvironment,
      ...environment,
      OCR_ACCESS: access,
      HOST: host,
      PORT: String(ports[name]),
      OCR_METRICS_PORT: String(metricsPorts[name]),
      ...settings,
    },
  })
  services[name] = child
  child.once('exit', (code, signal) => {
    if (isStopping) return
    say(`${name} ended by itself (${signal ?? code})`)
    void stop(1)
  })
}

/**
 * The gateway first, since its requests still need the model.
 * @param {number} exitCode
 */
async function stop(exitCode) {
  if (isStopping) return
  isStopping = true
  await end('gateway')
  await end('model')
  say('stopped')
  process.exit(exitCode)
}

/** @param {'model' | 'gateway'} name */
async function end(name) {
  const child = services[name]
  if (!child || child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs[name])
  await exited
  clearTimeout(timer)
}

async function requireFreePorts() {
  await requireFreePort(ports.model, 'OCR_MODEL_PORT', 'the model')
  await requireFreePort(ports.gateway, 'OCR_GATEWAY_PORT', 'the gateway')
  if (!hasMetrics) return
  await requireFreePort(metricsPorts.model, 'OCR_MODEL_METRICS_PORT', 'metrics of the model')
  await requireFreePort(metricsPorts.gateway, 'OCR_GATEWAY_METRICS_PORT', 'metrics of the gateway')
}

/**
 * @param {number} port
 * @param {string} variable
 * @param {string} purpose
 * @returns {Promise<void>}
 */
function requireFreePort(port, variable, purpose) {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', () => {
      reject(new Error(`Port ${port} is in use. Set ${variable} to a free port for ${purpose}.`))
    })
    probe.listen(port, host, () => probe.close(() => resolve()))
  })
}

/** @param {string} url */
async function untilOk(url) {
  while (!isStopping) {
    const isOk = await fetch(url).then(
      (response) => response.ok,
      () => false,
    )
    if (isOk) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

process.on('SIGINT', () => void stop(0))
process.on('SIGTERM', () => void stop(0))

try {
  setup()
  await requireFreePorts()
  run(node, ['scripts/build-page.mjs', 'functions/gateway/web'])
  const began = performance.now()
  say(`starting the model on ${modelUrl} and the gateway on ${gatewayUrl}`)
  start('model', { INFERENCE_SERVICE_NAME: 'ocr-model' })
  start('gateway', { KSERVE_URL: `${modelUrl}/v2/models/ocr-model/infer` })
  await untilOk(`${modelUrl}/v2/health/ready`)
  await untilOk(`${gatewayUrl}/readyz`)
  if (!isStopping) {
    say(`ready after ${((performance.now() - began) / 1000).toFixed(1)} s; Ctrl-C stops it. Try:`)
    const key = access === 'open' ? '' : '-H "Authorization: Bearer $OCR_KEY" '
    say(`  curl ${key}-F format=text -F file=@examples/invoice.png ${gatewayUrl}/v1/ocr`)
    say(`The page is at ${gatewayUrl}/, and the API is described at ${gatewayUrl}/docs`)
    if (hasMetrics) {
      const { model, gateway } = metricsPorts
      say(`The model's metrics are at http://${host}:${model}/metrics`)
      say(`The gateway's metrics are at http://${host}:${gateway}/metrics`)
    }
  }
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  await stop(1)
}
