import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { gatewayMetrics } from '../../functions/gateway/metrics.ts'
import { modelMetrics } from '../../functions/model/metrics.ts'
import type { Definitions } from '../../functions/platform/telemetry/definitions.ts'
import { seconds, seriesOf } from '../../functions/platform/telemetry/definitions.ts'
import { upload } from '../services/requests.ts'
import { type Model, type Service, startGateway, startModel } from '../services/start.ts'
import { type OtlpReceiver, startOtlpReceiver } from './otlp-receiver.ts'

const image = readFileSync('examples/invoice.png')

describe('the metrics of both services', () => {
  let receiver: OtlpReceiver
  let model: Model
  let gateway: Service
  let services: Array<{ name: string; service: Service; definitions: Definitions }>
  before(async () => {
    receiver = await startOtlpReceiver()
    // By default nothing is sent there.
    const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint }
    model = await startModel({ OCR_ENGINE_PROCESSES: '1', ...settings })
    gateway = await startGateway(model, settings)
    services = [
      { name: 'model', service: model, definitions: modelMetrics },
      { name: 'gateway', service: gateway, definitions: gatewayMetrics },
    ]
    assert.equal((await upload(gateway, image)).status, 200)
    assert.equal((await upload(gateway, Buffer.from('no image'))).status, 415)
  })
  after(async () => {
    await gateway.stop()
    await model.stop()
    await receiver[Symbol.asyncDispose]()
  })

  const scrape = async (service: Service): Promise<string> => {
    const response = await fetch(await service.metricsUrl())
    assert.equal(response.status, 200)
    return response.text()
  }

  it('are on a port of their own, and not on that of requests', async () => {
    for (const { service } of services) {
      assert.match(await scrape(service), /^http_server_request_duration_seconds_count\{/m)
      assert.equal((await fetch(`${service.url}/metrics`)).status, 404)
      const ownOrigin = new URL(await service.metricsUrl()).origin
      assert.notEqual(ownOrigin, service.url)
      assert.equal((await fetch(`${ownOrigin}/livez`)).status, 404)
    }
  })

  it('have no series and no labels but those that are defined', async () => {
    for (const { service, definitions } of services) {
      const labelsOf = new Map(
        Object.values(definitions).flatMap((definition) =>
          seriesOf(definition).map((name) => [name, Object.keys(definition.labels)] as const),
        ),
      )
      for (const [line, name = '', labels = ''] of (await scrape(service)).matchAll(
        /^([a-z]\w*)(?:\{(.*)\})? \S+$/gm,
      )) {
        if (/^(?:nodejs|process)_/.test(name)) continue
        const known = labelsOf.get(name)
        assert.ok(known, `${name} is defined`)
        for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) {
          assert.ok(label === 'le' || known.includes(label), line)
        }
      }
    }
  })

  it('leave those labels to Prometheus by which it knows the service and the pod', () => {
    const reserved =
      /^(?:job|instance|namespace|pod|service_name|configuration_name|revision_name)$/
    for (const { definitions } of services) {
      const labels = Object.values(definitions).flatMap(({ labels }) => Object.keys(labels))
      assert.deepEqual(
        labels.filter((label) => reserved.test(label)),
        [],
      )
    }
  })

  it('tell of a request that lasts as long as one may', async () => {
    assert.equal(seconds.at(-1), 120)
    for (const { service, definitions } of services) {
      assert.match(
        await scrape(service),
        /^http_server_request_duration_seconds_bucket\{.*le="120"\} \d+$/m,
      )
      for (const { name, kind, buckets } of Object.values(definitions)) {
        if (kind === 'histogram' && name.endsWith('.seconds')) assert.equal(buckets?.at(-1), 120)
      }
    }
  })

  const skip = spawnSync('promtool', ['--version']).status !== 0 && 'there is no promtool'
  it('are as Prometheus wants them', { skip }, async () => {
    for (const { name, service } of services) {
      const { status, stderr } = spawnSync('promtool', ['check', 'metrics'], {
        input: await scrape(service),
        encoding: 'utf8',
      })
      assert.equal(status, 0, `${name}: ${stderr}`)
      assert.equal(stderr, '', name)
    }
  })

  it('are not sent by themselves, not at the end either, and neither are traces', async () => {
    for (const { service } of services) await service.stop()
    assert.deepEqual(receiver.requests, [])
    assert.ok(!gateway.log().includes('telemetry'))
  })
})

describe('a gateway that lives for a moment', () => {
  it('sends its metrics by OTLP when it is stopped', async () => {
    await using receiver = await startOtlpReceiver()
    const gateway = await startGateway(
      { inferUrl: 'http://127.0.0.1:9/v2/models/ocr-model/infer' },
      { OTEL_METRICS_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint },
    )
    assert.equal((await fetch(`${gateway.url}/v1/nothing`)).status, 404)
    assert.equal(await gateway.stop(), 0)
    assert.deepEqual(receiver.requests, ['/v1/metrics'])
    const sent = (name: string) => receiver.metrics.find((metric) => metric.name === name)
    assert.deepEqual(sent('ocr.errors'), {
      service: 'ocr-gateway',
      name: 'ocr.errors',
      unit: '',
      attributes: { error_type: 'not_found' },
      value: 1,
    })
    assert.equal(sent('http.server.request.duration.seconds')?.value, 1)
    assert.ok(!gateway.log().includes('"msg":"metrics"'))
  })

  it('ends in time when nobody takes them, and says so', async () => {
    const gateway = await startGateway(
      { inferUrl: 'http://127.0.0.1:9/v2/models/ocr-model/infer' },
      {
        OTEL_METRICS_EXPORTER: 'otlp',
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
        OCR_SHUTDOWN_GRACE_MS: '0',
      },
    )
    const began = performance.now()
    assert.equal(await gateway.stop(), 0)
    assert.ok(performance.now() - began < 10_000)
    assert.match(gateway.log(), /telemetry not sent in time/)
  })
})
