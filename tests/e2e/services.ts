import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { serviceEnvironment } from '../../scripts/service-environment.mjs'

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

/** Asks again and again until there is an answer; gives up after 20 s. */
export async function until<T>(ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const giveUp = performance.now() + 20_000
  while (performance.now() < giveUp) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`Waited 20 s for: ${ask}`)
}

export const isRunning = (pid: number): boolean => existsSync(`/proc/${pid}`)

/** A file of a process, or nothing once it has ended. */
export function processFile(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return ''
  }
}

/** Fields of /proc/PID/stat after the command's name, which may hold spaces; the first is the state. */
const statOf = (pid: number): string[] =>
  processFile(pid, 'stat').split(') ').at(-1)?.split(' ') ?? []

/** As in ps: `R` runs, or wants to; nothing once it has been waited for. */
export const stateOf = (pid: number): string => statOf(pid)[0] ?? ''

/** Whether a process has ended, even if nobody has waited for it yet. */
export const hasEnded = (pid: number): boolean => ['', 'Z'].includes(statOf(pid)[0] ?? '')

/** Clock ticks of CPU time that a process has used. */
export const cpuTicksOf = (pid: number): number =>
  Number(statOf(pid)[11] ?? 0) + Number(statOf(pid)[12] ?? 0)

/** Clock ticks that an engine works on a page before it counts as busy; loading takes some 7. */
const busyTicks = 20

/** Waits until an engine is in the middle of a page. */
export function busyEngine(model: Pick<Model, 'engines'>): Promise<number> {
  const idle = new Map(model.engines().map((pid) => [pid, cpuTicksOf(pid)]))
  return until(() =>
    model.engines().find((pid) => cpuTicksOf(pid) > (idle.get(pid) ?? 0) + busyTicks),
  )
}

const commandOf = (pid: number): string => processFile(pid, 'comm').trim()

export const allProcesses = (): number[] =>
  readdirSync('/proc').map(Number).filter(Number.isInteger)

/** Undefined once a process has ended. */
export function parentOf(pid: number): number | undefined {
  const parent = statOf(pid)[1]
  return parent === undefined ? undefined : Number(parent)
}

export const childrenOf = (parent: number): number[] =>
  allProcesses().filter((pid) => parentOf(pid) === parent)

/** Processes with a text among their arguments or in their environment. */
export const processesWith = (text: string): number[] =>
  allProcesses().filter((pid) =>
    ['cmdline', 'environ'].some((name) => processFile(pid, name).includes(text)),
  )

/** Pages of which the model has a working file. */
export const pagesUnderWay = (model: Model): number =>
  model.workFiles().filter((name) => name.endsWith('.tif')).length

/** Requests for a document or its pages that the model has answered. */
export const readingsOf = (model: Model): number => model.log().split('/infer"').length - 1

/** Uploads an image to the gateway as a browser or curl does. */
export function upload(gateway: Service, image: Buffer, init: RequestInit = {}): Promise<Response> {
  const body = new FormData()
  body.append('image_file', new Blob([new Uint8Array(image)]), 'image')
  return fetch(`${gateway.url}/gateway/ocr`, { method: 'POST', body, ...init })
}

interface Tensor {
  readonly name: string
  readonly data: readonly unknown[]
}

/** Has the model read an image that is sent as base64 in JSON; returns its outputs by name. */
export async function inferJson(
  model: Pick<Model, 'inferUrl'>,
  image: Buffer,
  request: object = {},
  init: RequestInit = {},
): Promise<Record<string, unknown>> {
  const input = { name: 'image', datatype: 'BYTES', shape: [1], data: [image.toString('base64')] }
  const body = JSON.stringify({ inputs: [input], ...request })
  return outputsOf(await fetch(model.inferUrl, { method: 'POST', body, ...init }))
}

/** The same with the image as a raw tensor behind the JSON. */
export async function inferBinary(model: Model, image: Buffer): Promise<Record<string, unknown>> {
  const prefix = Buffer.alloc(4)
  prefix.writeUInt32LE(image.length)
  const parameters = { binary_data_size: 4 + image.length }
  const input = { name: 'image', datatype: 'BYTES', shape: [1], parameters }
  const json = Buffer.from(JSON.stringify({ inputs: [input] }))
  const body = Buffer.concat([json, prefix, image])
  const headers = { 'Inference-Header-Content-Length': String(json.length) }
  return outputsOf(await fetch(model.inferUrl, { method: 'POST', body, headers }))
}

async function outputsOf(response: Response): Promise<Record<string, unknown>> {
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.status}: ${text}`)
  const { outputs } = JSON.parse(text) as { outputs: Tensor[] }
  return Object.fromEntries(outputs.map(({ name, data }) => [name, data[0]]))
}
