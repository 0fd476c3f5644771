import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../log.ts'
import type { Values } from '../settings.ts'
import type { Definitions } from './definitions.ts'
import type { RunningMeter } from './meter-provider.ts'
import type { Metrics } from './metrics.ts'
import { type MetricsServer, serveMetrics } from './metrics-server.ts'
import type { Identity } from './resource.ts'
import type { telemetrySettings } from './settings.ts'
import type { RunningTracer } from './tracer-provider.ts'
import { noTracing, type Tracing } from './tracing.ts'

/** Loading is some 50 ms without a pause. By then a request that has waked the service is with the model. */
const defaultLoadAfterMs = 1_000
/** For sending what is left at the end. */
const defaultFlushMs = 3_000

export interface Telemetry {
  readonly tracing: Tracing
  /** Serves metrics where Prometheus fetches them; to be called when the service listens. Rejects if it cannot. */
  serve(): Promise<void>
  /** Sends what has not been sent, and ends in any case. */
  close(): Promise<void>
}

interface TelemetryOptions extends Values<ReturnType<typeof telemetrySettings>> {
  readonly log: Log
  readonly metrics: Pick<Metrics<Definitions>, 'attach' | 'discard'>
  readonly version: string
  readonly host: string
  readonly loadAfterMs?: number
  readonly flushMs?: number
}

/**
 * What a service tells of itself by OpenTelemetry. Its packages are loaded late, and only those that are wanted: what
 * imports them is imported when it is needed.
 */
export async function createTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const { log, metrics, host, metricsPort: port } = options
  const { loadAfterMs = defaultLoadAfterMs, flushMs = defaultFlushMs } = options
  const { isFetched, isSent, isTraced } = wanted(options)
  if (!isFetched && !isSent) metrics.discard()
  const loadMeter = lateMeter(options, isSent)
  const tracer = isTraced ? await loadTracer(options) : undefined
  let server: MetricsServer | undefined
  let timer: NodeJS.Timeout | undefined
  return {
    tracing: tracer?.tracing ?? noTracing,
    async serve() {
      if (!isFetched && !isSent) return
      const load = () => loadMeter().catch((err: unknown) => log.error({ err }, 'no metrics'))
      timer = setTimeout(load, loadAfterMs).unref()
      if (!isFetched) return
      server = await serveMetrics({ host, port, read: async () => (await loadMeter()).read() })
      log.info({ port: server.port }, 'metrics')
    },
    async close() {
      clearTimeout(timer)
      await server?.close()
      // A service that ends before anything was loaded has things to tell, too.
      const sending = [
        isSent ? loadMeter().then((meter) => meter.close()) : undefined,
        tracer?.close(),
      ]
      const warn = (err: unknown) => log.warn({ err }, 'telemetry not sent')
      const ended = Promise.all(sending.map((sent) => sent?.catch(warn))).then(() => true)
      const isInTime = await Promise.race([ended, sleep(flushMs, false, { ref: false })])
      if (!isInTime) log.warn({ ms: flushMs }, 'telemetry not sent in time')
    },
  }
}

function wanted({ sdkDisabled, metricsExporter, tracesExporter }: TelemetryOptions) {
  const isOn = sdkDisabled === 'false'
  const exporters = metricsExporter.split(',')
  return {
    isFetched: isOn && exporters.includes('prometheus'),
    isSent: isOn && exporters.includes('otlp'),
    isTraced: isOn && tracesExporter === 'otlp',
  }
}

const identityOf = ({ serviceName, version }: TelemetryOptions): Identity => ({
  service: serviceName,
  version,
})

/** Loads what metrics need when they are first asked for, and attaches it to them. */
function lateMeter(options: TelemetryOptions, isSent: boolean): () => Promise<RunningMeter> {
  const { log, metrics, metricIntervalMs } = options
  const load = async () => {
    const { createMeterProvider } = await import('./meter-provider.ts')
    const pushMs = isSent ? metricIntervalMs : undefined
    const running = createMeterProvider({ identity: identityOf(options), pushMs, log })
    metrics.attach(running.meter)
    return running
  }
  let meter: Promise<RunningMeter> | undefined
  return () => {
    meter ??= load()
    return meter
  }
}

async function loadTracer(options: TelemetryOptions): Promise<RunningTracer> {
  const { log, traceShare } = options
  const { createTracerProvider } = await import('./tracer-provider.ts')
  return createTracerProvider({ identity: identityOf(options), share: Number(traceShare), log })
}
