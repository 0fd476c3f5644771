import assert from 'node:assert/strict'
import { type Model, type Service, startGateway, startModel } from '../services/start.ts'
import { type BreakingProxy, startBreakingProxy } from './breaking-proxy.ts'
import { createDocuments, type Documents } from './documents.ts'
import { type Outside, startOutside } from './outside.ts'
import { type Prometheus, startPrometheus } from './prometheus.ts'
import type { Target } from './prometheus-process.ts'
import { serveRecordedMetrics } from './recorded-metrics.ts'
import type { RuleFile } from './rule-files.ts'

type Settings = Readonly<Record<string, string>>

/** Both services, all that is around them, and a Prometheus that looks at them. */
export interface Stack {
  readonly model: Model
  readonly gateway: Service
  /** By which the gateway reaches the model. */
  readonly proxy: BreakingProxy
  readonly outside: Outside
  readonly prometheus: Prometheus
  readonly documents: Documents
  stop(): Promise<void>
}

export interface StackOptions {
  readonly rules: readonly RuleFile[]
  readonly intervalMs: number
  readonly model: Settings
  readonly gateway: Settings
}

/** Starts all, or ends what it has started if a part of it fails. */
export async function startStack(options: StackOptions): Promise<Stack> {
  await using started = new AsyncDisposableStack()
  const documents = await createDocuments()
  const outside = await startOutside(documents.receipt)
  started.defer(outside.close)
  const recorded = await serveRecordedMetrics()
  started.defer(recorded.close)
  const model = await startModel(options.model)
  started.defer(() => stop(model))
  const proxy = await startBreakingProxy(model.url)
  started.defer(proxy.close)
  const inferUrl = model.inferUrl.replace(model.url, proxy.origin)
  const gateway = await startGateway(
    { inferUrl },
    {
      OCR_EVENTS: 'open',
      OCR_DATAREF_ORIGINS: outside.origin,
      OCR_DATAREF_PRIVATE_NETWORKS: '127.0.0.0/8',
      K_SINK: outside.sinkUrl,
      ...options.gateway,
    },
  )
  started.defer(() => stop(gateway))
  const prometheus = await startPrometheus({
    ...options,
    targets: [
      targetOf('ocr-gateway', await gateway.metricsUrl()),
      targetOf('ocr-model', await model.metricsUrl()),
      ...[...recorded.urls].map(([name, url]) => targetOf(recordedJobs[name] ?? name, url)),
    ],
  })
  started.defer(prometheus.stop)
  const all = started.move()
  const parts = { model, gateway, proxy, outside, prometheus, documents }
  return { ...parts, stop: () => all.disposeAsync() }
}

/** Unless a test has stopped it. */
async function stop({ child, stop }: Service): Promise<void> {
  if (child.exitCode === null) assert.equal(await stop(), 0)
}

/** Jobs of recordings that are called otherwise than their files. */
const recordedJobs: Readonly<Record<string, string>> = { 'queue-proxy': 'ocr-gateway-queue-proxy' }

const targetOf = (job: string, url: string): Target => {
  const pod = `${job}-00001-deployment-5d9c7b-x2x4z`
  // As in a cluster, each has an address of its own.
  return { url, labels: { job, namespace: 'ocr', pod, instance: pod } }
}
