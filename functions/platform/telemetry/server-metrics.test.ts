import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createAdmission } from '../admission.ts'
import { createReceiving } from '../receiving.ts'
import { attachMeter } from './fixtures/scrape.ts'
import { createMetrics } from './metrics.ts'
import { createServerMeter, observeRoom, serverMetrics } from './server-metrics.ts'

function create() {
  const metrics = createMetrics(serverMetrics)
  const meter = createServerMeter(metrics.instruments, { version: '1.2.3' })
  return { ...attachMeter(metrics), meter, instruments: metrics.instruments }
}

const read = { method: 'POST', route: '/v1/ocr', status: 200, error: undefined }

describe('the meter of requests', () => {
  it('puts the time of a request where its method, route, status and error belong', async () => {
    const { meter, scrape } = create()
    meter.start()(read)
    meter.start()({ ...read, status: 429, error: 'overloaded' })
    const series = await scrape()
    const labels = 'http_request_method="POST",http_route="/v1/ocr"'
    const count = 'http_server_request_duration_seconds_count'
    assert.equal(series[`${count}{${labels},http_response_status_code="200"}`], 1)
    const failed = `${labels},http_response_status_code="429",error_type="overloaded"`
    assert.equal(series[`${count}{${failed}}`], 1)
    assert.equal(series['ocr_errors_total{error_type="overloaded"}'], 1)
  })

  it('counts a request as active until it has ended', async () => {
    const { meter, scrape } = create()
    const active = async () => (await scrape())['http_server_active_requests']
    const [end, another] = [meter.start(), meter.start()]
    assert.equal(await active(), 2)
    end(read)
    another()
    assert.equal(await active(), 0)
  })

  it('sees nothing of a request that is not to be seen', async () => {
    const { meter, scrape } = create()
    meter.start()()
    const names = Object.keys(await scrape())
    assert.ok(!names.some((name) => name.startsWith('http_server_request_duration')))
  })

  it('has one series for all methods that are not known', async () => {
    const { meter, scrape } = create()
    for (const method of ['BREW', 'PROPFIND', 'get']) meter.start()({ ...read, method })
    const counts = Object.entries(await scrape()).filter(([key]) => key.includes('_count{'))
    assert.equal(counts.length, 1)
    assert.match(counts[0]?.[0] ?? '', /http_request_method="_OTHER"/)
    assert.equal(counts[0]?.[1], 3)
  })

  it('counts what never became a request', async () => {
    const { meter, scrape } = create()
    meter.refused('headers_too_large')
    meter.dropped()
    const series = await scrape()
    assert.equal(series['ocr_errors_total{error_type="headers_too_large"}'], 1)
    assert.equal(series['http_server_dropped_connections_total'], 1)
  })

  it('puts the time of requests of another protocol elsewhere, and counts them all the same', async () => {
    const { meter, scrape } = create()
    const times: unknown[] = []
    const end = meter.of((end, seconds) => times.push(end, typeof seconds)).start()
    assert.equal((await scrape())['http_server_active_requests'], 1)
    const call = { method: 'gRPC', route: '/x/Infer', status: 14, error: 'not_ready' as const }
    end(call)
    assert.deepEqual(times, [call, 'number'])
    const series = await scrape()
    assert.equal(series['ocr_errors_total{error_type="not_ready"}'], 1)
    assert.ok(!Object.keys(series).some((name) => name.includes('request_duration')))
  })

  it('tells when the phases of the start were over, each of them once', async () => {
    const { meter, scrape } = create()
    const phase = async (name: string) =>
      (await scrape())[`ocr_start_duration_seconds{phase="${name}"}`]
    assert.equal(await phase('listening'), undefined)
    meter.reached('listening')
    const listening = await phase('listening')
    assert.ok(Math.abs((listening ?? 0) - performance.now() / 1_000) < 1)
    meter.reached('listening')
    assert.equal(await phase('listening'), listening)

    meter.start()({ ...read, status: 503, error: 'not_ready' })
    assert.equal(await phase('first_answer'), undefined)
    meter.start()(read)
    assert.notEqual(await phase('first_answer'), undefined)
  })

  it('tells the version, and how many places and how much memory are taken', async () => {
    const { scrape, instruments } = create()
    const admission = createAdmission({ limit: 3 })
    using _place = admission.admit()
    const receiving = createReceiving({ limitBytes: 100 })
    observeRoom(instruments, { admission, receiving })
    using meter = receiving.open()
    meter.hold(5)
    const series = await scrape()
    assert.equal(series['ocr_build_info{version="1.2.3"}'], 1)
    assert.equal(series['ocr_admitted_requests'], 1)
    assert.equal(series['ocr_admitted_requests_limit'], 3)
    assert.equal(series['ocr_uploads_held_bytes'], 5)
    assert.equal(series['ocr_uploads_held_limit_bytes'], 100)
  })
})
