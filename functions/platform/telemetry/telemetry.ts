import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../log.ts'
import type { Values } from '../settings.ts'
import type { RunningMeter } from './meter-provider.ts'
import type { Definitions, Metrics } from './metrics.ts'
import { type MetricsServer, serveMetrics } from './metrics-server.ts'
import type { telemetrySettings } from './settings.ts'
import type { RunningTracer } from './tracer-provider.ts'
import { noTracing, type Tracing } from './tracing.ts'

/** Loading is some 50 ms without a pause. By then a request that has waked the service is with the model. */
const loadAfterMs = 1_000
/** For sending what is left at the end. */
const flushMs = 3_000

export interface Telemetry {
  readonly tracing: Tracing
  /** Serves metrics where Prometheus fetches them; to be called when the service listens. Rejects if it cannot. */
  serve(): Promise<void>
  /** Sends what has not been sent, and ends in any case. */
  close(): Promise<void>
}

interface TelemetryOptions extends Values<typeof telemetrySettings> {
  readonly log: Log
  readonly metrics: Pick<Metrics<Definitions>, 'attach' | 'discard'>
  readonly defaultServiceName: string
  readonly version: string
  readonly host: string
}

/**
 * What a service tells of itself by OpenTelemetry. Its packages are loaded late, and only those that are wanted: they are
 * files of ours that are imported, since a bundle has no named exports for a package in CommonJS.
 */
export async function createTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const { log, metrics, host, metricsPort: port, version } = options
  const isOn = options.sdkDisabled === 'false'
  const identity = { service: options.serviceName || options.defaultServiceName, version }
  const exporters = isOn ? options.metricsExporter.split(',') : []
  const hasMetrics = exporters.includes('prometheus') || exporters.includes('otlp')
  if (!hasMetrics) metrics.discard()
  const pushMs = exporters.includes('otlp') ? options.metricIntervalMs : undefined

  let meter: Promise<RunningMeter> | undefined
  const loadMeter = () => {
    meter ??= import('./meter-provider.ts').then(({ createMeterProvider }) => {
      const running = createMeterProvider({ identity, pushMs })
      metrics.attach(running.meter)
      return running
    })
    return meter
  }
  let tracer: RunningTracer | undefined
  if (isOn && options.tracesExporter === 'otlp') {
    const { createTracerProvider } = await import('./tracer-provider.ts')
    tracer = createTracerProvider({ identity, share: Number(options.traceShare) })
  }

  let server: MetricsServer | undefined
  let timer: NodeJS.Timeout | undefined
  return {
    tracing: tracer?.tracing ?? noTracing,
    async serve() {
      if (!hasMetrics) return
      timer = setTimeout(loadMeter, loadAfterMs)
      if (!exporters.includes('prometheus')) return
      server = await serveMetrics({ host, port, read: async () => (await loadMeter()).read() })
      log.info({ port: server.port }, 'metrics')
    },
    async close() {
      clearTimeout(timer)
      await server?.close()
      const flush = async () => {
        // A service that ends before anything was loaded has things to tell, too.
        const running = pushMs === undefined ? await meter : await loadMeter()
        await Promise.all([running?.close(), tracer?.close()])
      }
      const flushed = flush().catch((err: unknown) => log.warn({ err }, 'telemetry not sent'))
      await Promise.race([flushed, sleep(flushMs, undefined, { ref: false })])
    },
  }
}
