import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../services/until.ts'
import type { RuleFile } from './rule-files.ts'

/** Where Prometheus fetches metrics, and the labels that they get. */
export interface Target {
  /** URL of the metrics. */
  readonly url: string
  readonly labels: Readonly<Record<string, string>> & { readonly job: string }
}

export interface PrometheusOptions {
  readonly targets: readonly Target[]
  readonly rules: readonly RuleFile[]
  /** Time between two looks at the targets, and at the rules. */
  readonly intervalMs: number
}

/** A Prometheus on a free port of the loopback interface. */
export interface PrometheusProcess {
  readonly origin: string
  stop(): Promise<void>
}

/** The folder of a Prometheus, with all that it needs and keeps. */
export interface PrometheusFolder {
  start(): Promise<PrometheusProcess>
  /**
   * Puts samples among those that it has; to be done while it is stopped.
   * @param samples in OpenMetrics, older than all that it has
   */
  add(samples: string): void
  remove(): void
}

/** What a test that fails half-way would leave behind. */
const children = new Set<ChildProcess>()
const folders = new Set<string>()
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

export function createPrometheusFolder(options: PrometheusOptions): PrometheusFolder {
  const folder = mkdtempSync(join(tmpdir(), 'ocr-prometheus-'))
  folders.add(folder)
  const [config, data] = [join(folder, 'prometheus.json'), join(folder, 'data')]
  // JSON is YAML.
  writeFileSync(config, JSON.stringify(configOf(options, folder)))
  return {
    start: () => startProcess([`--config.file=${config}`, `--storage.tsdb.path=${data}`]),
    add(samples) {
      const file = join(folder, 'samples.txt')
      writeFileSync(file, samples)
      const create = ['tsdb', 'create-blocks-from', 'openmetrics', '--max-block-duration=1000h']
      const { status, stderr } = spawnSync('promtool', [...create, file, data])
      if (status !== 0) throw new Error(`promtool: ${stderr}`)
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function startProcess(args: readonly string[]): Promise<PrometheusProcess> {
  const child = spawn(
    'prometheus',
    [...args, '--web.listen-address=127.0.0.1:0', '--log.format=json'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  children.add(child)
  let log = ''
  child.stderr.on('data', (data) => (log += data))
  child.once('error', (error) => (log += error))
  const ended = once(child, 'close')
  const address = await until(() => {
    if (child.exitCode !== null) throw new Error(`Prometheus did not start: ${log}`)
    if (!log.includes('ready to receive web requests')) return undefined
    return /"address":"([^"]+)"[^\n]*"msg":"Listening on"/.exec(log)?.[1]
  })
  return {
    origin: `http://${address}`,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

function configOf({ targets, rules, intervalMs }: PrometheusOptions, folder: string): object {
  const interval = `${intervalMs}ms`
  const ruleFiles = rules.map((file, index) => {
    const path = join(folder, `rules-${index}.json`)
    writeFileSync(path, JSON.stringify(file))
    return path
  })
  return {
    global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
    rule_files: ruleFiles,
    scrape_configs: targets.map(({ url, labels }, index) => ({
      job_name: `${index}`,
      metrics_path: new URL(url).pathname,
      static_configs: [{ targets: [new URL(url).host], labels }],
    })),
  }
}
