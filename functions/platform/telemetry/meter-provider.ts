import type { Meter } from '@opentelemetry/api'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import type { Log } from '../log.ts'
import { logDiagnostics } from './diagnostics.ts'
import { createProcessMetrics } from './process-metrics.ts'
import { type Identity, resourceOf } from './resource.ts'

// Loaded late: see telemetry.ts.

export interface RunningMeter {
  readonly meter: Meter
  /** All metrics, those of Node and the process included, in the text format of Prometheus. */
  read(): Promise<string>
  /** Sends what has not been sent. */
  close(): Promise<void>
}

interface MeterProviderOptions {
  readonly identity: Identity
  /** Milliseconds between two sendings by OTLP; without it nothing is sent. */
  readonly pushMs: number | undefined
  readonly log: Pick<Log, 'warn'>
}

export function createMeterProvider(options: MeterProviderOptions): RunningMeter {
  const { identity, pushMs, log } = options
  logDiagnostics(log)
  const pulled = new PrometheusExporter({ preventServerStart: true })
  const readers = pushMs === undefined ? [pulled] : [pulled, pushEvery(pushMs)]
  const provider = new MeterProvider({ resource: resourceOf(identity), readers })
  // Neither the resource nor the scope is a label: the pod is, by who fetches them.
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true)
  const processMetrics = createProcessMetrics()
  return {
    meter: provider.getMeter('knative-ocr', identity.version),
    async read() {
      const { resourceMetrics, errors } = await pulled.collect()
      // What could be asked for is told all the same.
      for (const err of errors) log.warn({ err }, 'telemetry')
      return serializer.serialize(resourceMetrics) + (await processMetrics.metrics())
    },
    close: () => provider.shutdown(),
  }
}

const pushEvery = (pushMs: number): PeriodicExportingMetricReader =>
  new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(),
    exportIntervalMillis: pushMs,
    exportTimeoutMillis: Math.min(pushMs, 10_000),
  })
