import type { Meter } from '@opentelemetry/api'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus'
import {
  type IMetricReader,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { type Identity, resourceOf } from './resource.ts'

// Loaded late: see telemetry.ts.

export interface RunningMeter {
  readonly meter: Meter
  /** All metrics, those of Node and the process included, in the text format of Prometheus. */
  read(): Promise<string>
  /** Sends what has not been sent. */
  close(): Promise<void>
}

/** @param options.pushMs milliseconds between two sendings by OTLP; without it nothing is sent */
export function createMeterProvider(options: {
  readonly identity: Identity
  readonly pushMs: number | undefined
}): RunningMeter {
  const { identity, pushMs } = options
  const reader = new PrometheusExporter({ preventServerStart: true })
  const readers: IMetricReader[] = [reader]
  if (pushMs !== undefined) {
    const exporter = new OTLPMetricExporter()
    const exportTimeoutMillis = Math.min(pushMs, 10_000)
    readers.push(
      new PeriodicExportingMetricReader({
        exporter,
        exportIntervalMillis: pushMs,
        exportTimeoutMillis,
      }),
    )
  }
  const provider = new MeterProvider({ resource: resourceOf(identity), readers })
  // Neither the resource nor the scope is a label: the pod is, by who fetches them.
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true)
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return {
    meter: provider.getMeter('knative-ocr', identity.version),
    async read() {
      const { resourceMetrics } = await reader.collect()
      return serializer.serialize(resourceMetrics) + (await registry.metrics())
    },
    close: () => provider.shutdown(),
  }
}
