import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { after, before, describe, it, type TestContext } from 'node:test'
import { pino } from 'pino'
import { type OtlpReceiver, startOtlpReceiver } from '../../../tests/e2e/otlp-receiver.ts'
import { startServer } from '../../../tests/services/http-server.ts'
import { loadSettings } from '../settings.ts'
import { counter } from './definitions.ts'
import { createMetrics } from './metrics.ts'
import { telemetrySettings } from './settings.ts'
import { createTelemetry } from './telemetry.ts'

const endpointVariable = 'OTEL_EXPORTER_OTLP_ENDPOINT'
const never = 3_600_000

/** Telemetry of a service with one counter, by its settings. */
async function create(
  t: TestContext,
  environment: Record<string, string>,
  options: { port?: number; loadAfterMs?: number; flushMs?: number } = {},
) {
  const { port = 0, loadAfterMs = never, flushMs = 10_000 } = options
  const { instruments, ...metrics } = createMetrics({
    pages: counter({ name: 'ocr.pages', help: 'x', labels: { outcome: ['read'] } }),
  })
  let [isLoaded, isDiscarded] = [false, false]
  const attach: typeof metrics.attach = (meter) => {
    isLoaded = true
    metrics.attach(meter)
  }
  const discard = () => {
    isDiscarded = true
    metrics.discard()
  }
  const lines: string[] = []
  const log = pino({ base: null }, { write: (line) => void lines.push(line) })
  const telemetry = await createTelemetry({
    ...loadSettings(telemetrySettings({ serviceName: 'ocr-test' }), environment),
    log,
    metrics: { attach, discard },
    metricsPort: port,
    host: '127.0.0.1',
    version: '1.2.3',
    loadAfterMs,
    flushMs,
  })
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= telemetry.close()
    return closed
  }
  t.after(close)
  const logged = (): Array<{ msg: string; port?: number }> => lines.map((line) => JSON.parse(line))
  return {
    ...telemetry,
    close,
    readPage: () => instruments.pages.record(1, { outcome: 'read' }),
    isLoaded: () => isLoaded,
    isDiscarded,
    messages: () => logged().map(({ msg }) => msg),
    scrape: async () => {
      const port = logged().find(({ msg }) => msg === 'metrics')?.port
      return (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    },
  }
}

describe('telemetry', () => {
  let receiver: OtlpReceiver
  before(async () => {
    receiver = await startOtlpReceiver()
    process.env[endpointVariable] = receiver.endpoint
    // After which nothing is tried again, and this process can end.
    process.env['OTEL_EXPORTER_OTLP_TIMEOUT'] = '1000'
  })
  after(() => receiver[Symbol.asyncDispose]())

  /** What was sent while some work was done. */
  async function sentBy(work: () => Promise<unknown>) {
    const [metrics, spans, requests] = [receiver.metrics, receiver.spans, receiver.requests]
    const before = [metrics.length, spans.length, requests.length]
    await work()
    return {
      metrics: metrics.slice(before[0]),
      spans: spans.slice(before[1]),
      requests: requests.slice(before[2]),
    }
  }

  it('has metrics fetched by default, and sends nothing', async (t) => {
    const { requests } = await sentBy(async () => {
      const { readPage, serve, scrape, tracing, close } = await create(t, {})
      readPage()
      await serve()
      assert.match(await scrape(), /^ocr_pages_total\{outcome="read"\} 1$/m)
      tracing.start('x').end()
      await close()
      await assert.rejects(scrape())
    })
    assert.deepEqual(requests, [])
  })

  it('sends metrics at the end by OTLP, even if nothing was loaded before, and listens nowhere', async (t) => {
    const { metrics, requests } = await sentBy(async () => {
      const service = await create(t, { OTEL_METRICS_EXPORTER: 'otlp' })
      service.readPage()
      await service.serve()
      assert.deepEqual(service.messages(), [])
      assert.ok(!service.isLoaded())
      await service.close()
      assert.deepEqual(service.messages(), [])
    })
    assert.deepEqual(requests, ['/v1/metrics'])
    assert.deepEqual(metrics, [
      {
        service: 'ocr-test',
        name: 'ocr.pages',
        unit: '',
        attributes: { outcome: 'read' },
        value: 1,
      },
    ])
  })

  it('sends metrics again and again by OTLP', async (t) => {
    const { metrics } = await sentBy(async () => {
      const settings = { OTEL_METRICS_EXPORTER: 'otlp', OTEL_METRIC_EXPORT_INTERVAL: '100' }
      const { readPage, serve } = await create(t, settings, { loadAfterMs: 0 })
      readPage()
      await serve()
      const seen = receiver.metrics.length
      while (receiver.metrics.length < seen + 2) {
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    })
    assert.ok(metrics.length >= 2)
  })

  it('has metrics fetched and sends them if both are wanted', async (t) => {
    const { metrics } = await sentBy(async () => {
      const service = await create(t, { OTEL_METRICS_EXPORTER: 'otlp,prometheus' })
      service.readPage()
      await service.serve()
      assert.match(await service.scrape(), /^ocr_pages_total/m)
      await service.close()
    })
    assert.equal(metrics.length, 1)
  })

  it('records nothing and listens nowhere if no metrics are wanted', async (t) => {
    const { requests } = await sentBy(async () => {
      const service = await create(t, { OTEL_METRICS_EXPORTER: 'none' }, { loadAfterMs: 0 })
      service.readPage()
      await service.serve()
      await new Promise((resolve) => setTimeout(resolve, 50))
      await service.close()
      assert.deepEqual(service.messages(), [])
      assert.ok(!service.isLoaded())
      assert.ok(service.isDiscarded)
    })
    assert.deepEqual(requests, [])
  })

  it('does nothing at all if it is disabled, whatever else is set', async (t) => {
    const { requests } = await sentBy(async () => {
      const service = await create(
        t,
        {
          OTEL_SDK_DISABLED: 'true',
          OTEL_METRICS_EXPORTER: 'prometheus,otlp',
          OTEL_TRACES_EXPORTER: 'otlp',
        },
        { loadAfterMs: 0 },
      )
      service.readPage()
      await service.serve()
      assert.deepEqual(service.tracing.start('x').headers, {})
      service.tracing.start('x').end()
      await new Promise((resolve) => setTimeout(resolve, 50))
      await service.close()
      assert.deepEqual(service.messages(), [])
      assert.ok(!service.isLoaded())
      assert.ok(service.isDiscarded)
    })
    assert.deepEqual(requests, [])
  })

  it('sends traces by OTLP if they are wanted, under the name of the service', async (t) => {
    const { spans } = await sentBy(async () => {
      const { tracing, close } = await create(t, {
        OTEL_TRACES_EXPORTER: 'otlp',
        OTEL_SERVICE_NAME: 'reader',
      })
      tracing.start('x').end()
      await close()
    })
    assert.deepEqual(
      spans.map(({ name, service }) => [name, service]),
      [['x', 'reader']],
    )
  })

  it('traces the share of requests that is wanted', async (t) => {
    const { spans } = await sentBy(async () => {
      const settings = { OTEL_TRACES_EXPORTER: 'otlp', OTEL_TRACES_SAMPLER_ARG: '0' }
      const { tracing, close } = await create(t, settings)
      tracing.start('x').end()
      await close()
    })
    assert.deepEqual(spans, [])
  })

  it('is loaded by the first scrape', async (t) => {
    const { serve, scrape, isLoaded, isDiscarded } = await create(t, {})
    await serve()
    assert.ok(!isLoaded() && !isDiscarded)
    await scrape()
    assert.ok(isLoaded())
  })

  it('is loaded a while after the service listens, without a scrape', async (t) => {
    const { serve, isLoaded } = await create(t, {}, { loadAfterMs: 10 })
    await serve()
    assert.ok(!isLoaded())
    while (!isLoaded()) await new Promise((resolve) => setTimeout(resolve, 10))
  })

  it('rejects when the port of metrics is taken', async (t) => {
    await using other = await startServer(() => undefined)
    const { serve } = await create(t, {}, { port: other.port })
    await assert.rejects(serve(), { code: 'EADDRINUSE' })
  })

  /** A receiver that does something else than to take what is sent. */
  async function sendTo(t: TestContext, listener: RequestListener) {
    const server = await startServer(listener)
    process.env[endpointVariable] = server.origin
    t.after(() => {
      process.env[endpointVariable] = receiver.endpoint
      return server.stop()
    })
    return server
  }
  const both = { OTEL_METRICS_EXPORTER: 'otlp', OTEL_TRACES_EXPORTER: 'otlp' }

  it('ends when there is no receiver, and says so', async (t) => {
    const server = await sendTo(t, () => undefined)
    await server.stop()
    const service = await create(t, both)
    service.readPage()
    service.tracing.start('x').end()
    await service.close()
    assert.deepEqual(service.messages().sort(), ['telemetry', 'telemetry not sent'])
  })

  it('sends what it can when a receiver refuses the rest, and says so', async (t) => {
    const seen: string[] = []
    await sendTo(t, (request, response) => {
      seen.push(request.url ?? '')
      response.writeHead(request.url === '/v1/traces' ? 200 : 400).end('{}')
    })
    const service = await create(t, both)
    service.readPage()
    service.tracing.start('x').end()
    await service.close()
    assert.deepEqual(seen.sort(), ['/v1/metrics', '/v1/traces'])
    assert.deepEqual(service.messages(), ['telemetry'])
  })

  // The last one, since what was not sent in time is complained of later.
  it('ends in time when a receiver takes what is sent and never answers, and says so', async (t) => {
    await sendTo(t, () => undefined)
    const service = await create(t, both, { flushMs: 300 })
    service.readPage()
    service.tracing.start('x').end()
    const start = performance.now()
    await service.close()
    const ms = performance.now() - start
    assert.ok(ms >= 290 && ms < 900, String(ms))
    assert.deepEqual(service.messages(), ['telemetry not sent in time'])
  })
})
