import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { nodeFlags, serviceEnvironment } from '../../scripts/service-environment.mjs'
import { childrenOf, commandOf } from './processes.ts'
import { until } from './until.ts'

/** A service that runs as a process of its own, on a free port of the loopback interface. */
export interface Service {
  readonly url: string
  readonly pid: number
  /** Everything it has logged. */
  log(): string
  /** Where it serves its metrics; waits for that. */
  metricsUrl(): Promise<string>
  /** Sends SIGTERM and returns the exit code. */
  stop(): Promise<number>
  readonly child: ChildProcess
}

/** The model with what a test looks into. */
export interface Model extends Service {
  readonly inferUrl: string
  /** Process ids of the engines. */
  engines(): number[]
  readonly workDir: string
  /** Names of working files. */
  workFiles(): string[]
}

type Settings = Record<string, string>

/** What a test that fails half-way would leave behind. */
const children = new Set<ChildProcess>()
const folders = new Set<string>()
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A program and its arguments that run a service. */
export type Command = readonly [file: string, ...args: string[]]

const fromSource = (service: string): Command => [
  process.execPath,
  ...nodeFlags,
  '--import',
  'tsx',
  `functions/${service}/main.ts`,
]

const onFreePorts = { HOST: '127.0.0.1', PORT: '0', OCR_METRICS_PORT: '0' }

async function start(service: string, settings: Settings, command: Command): Promise<Service> {
  const [file, ...args] = command
  const child = spawn(file, args, {
    env: { ...serviceEnvironment, ...process.env, ...onFreePorts, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.add(child)
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (log += data))
  const exited = once(child, 'exit')
  let isClosed = false
  child.once('close', () => {
    isClosed = true
  })
  /** The origin of a port that is logged with a message. */
  const originOf = async (message: 'listening' | 'metrics'): Promise<string> => {
    const port = await until(() => {
      if (isClosed) throw new Error(`The ${service} did not start: ${log}`)
      return new RegExp(`"port":(\\d+)[^\\n]*"msg":"${message}"`).exec(log)?.[1]
    })
    return `http://127.0.0.1:${port}`
  }
  return {
    url: await originOf('listening'),
    pid: child.pid ?? 0,
    log: () => log,
    metricsUrl: async () => `${await originOf('metrics')}/metrics`,
    child,
    async stop() {
      child.kill('SIGTERM')
      const [code] = await exited
      return code
    },
  }
}

/** Starts the model and waits until it is ready. */
export async function startModel(
  settings: Settings = {},
  command = fromSource('model'),
): Promise<Model> {
  const workDir = mkdtempSync('/dev/shm/ocr-test-')
  folders.add(workDir)
  const service = await start('model', { OCR_WORK_DIR: workDir, ...settings }, command)
  await until(async () => (await fetch(`${service.url}/v2/health/ready`)).ok || undefined)
  return {
    ...service,
    inferUrl: `${service.url}/v2/models/ocr-model/infer`,
    engines: () => childrenOf(service.pid).filter((pid) => commandOf(pid) === 'tesseract'),
    workDir,
    workFiles: () => readdirSync(workDir, { recursive: true }).map(String),
  }
}

export const startGateway = (
  model: Pick<Model, 'inferUrl'>,
  settings: Settings = {},
  command = fromSource('gateway'),
) => start('gateway', { KSERVE_URL: model.inferUrl, OCR_ACCESS: 'open', ...settings }, command)

export const portOf = ({ url }: Service): number => Number(new URL(url).port)

/** Has a service load what it loads a second after its start, which would be measured as well. */
export async function settle({ metricsUrl }: Service): Promise<void> {
  const metrics = await fetch(await metricsUrl())
  await metrics.text()
}

/** Ends a service unless it has ended, and waits until all of its log is there. */
export async function end({ child, stop }: Service): Promise<void> {
  const hasEnded = child.exitCode !== null || child.signalCode !== null
  if (hasEnded && child.stdout?.readableEnded) return
  const closed = once(child, 'close')
  if (!hasEnded) await stop()
  await closed
}
