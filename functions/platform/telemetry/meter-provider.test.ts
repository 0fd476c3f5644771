import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { counter, histogram, seconds } from './definitions.ts'
import { attachMeter } from './fixtures/scrape.ts'
import { createMetrics } from './metrics.ts'

const create = () =>
  createMetrics({
    calls: counter({ name: 'ocr.calls', help: 'Calls of\n"x"', labels: { route: { atMost: 2 } } }),
    time: histogram({
      name: 'ocr.time.seconds',
      help: 'Time',
      labels: { stage: ['read'] },
      buckets: seconds,
    }),
  })

describe('the text for Prometheus', () => {
  it('has no labels but those of the metrics, and no metric that tells who tells', async () => {
    const metrics = create()
    const { read } = attachMeter(metrics)
    metrics.instruments.calls.record(1, { route: '/v1/ocr' })
    metrics.instruments.time.record(1, { stage: 'read' })
    const text = await read()
    const ours = text.split('\n').filter((line) => line.startsWith('ocr_'))
    const labels = ours.flatMap((line) => [...line.matchAll(/(\w+)="/g)].map(([, name]) => name))
    assert.deepEqual(new Set(labels), new Set(['route', 'stage', 'le']))
    assert.doesNotMatch(text, /otel_scope|target_info|ocr-test|knative-ocr/)
  })

  it('has the kind and the help of each metric', async () => {
    const metrics = create()
    const { read } = attachMeter(metrics)
    metrics.instruments.calls.record(1, { route: '/v1/ocr' })
    metrics.instruments.time.record(1, { stage: 'read' })
    const text = await read()
    assert.match(text, /^# HELP ocr_calls_total Calls of\\n"x"$/m)
    assert.match(text, /^# TYPE ocr_calls_total counter$/m)
    assert.match(text, /^# TYPE ocr_time_seconds histogram$/m)
  })

  it('escapes the value of a label, and cannot be broken by it', async () => {
    const metrics = create()
    const { read } = attachMeter(metrics)
    metrics.instruments.calls.record(1, { route: '/"} 9\nocr_evil 1\\' })
    const text = await read()
    assert.match(text, /^ocr_calls_total\{route="\/\\"\} 9\\nocr_evil 1\\\\"\} 1$/m)
    assert.doesNotMatch(text, /^ocr_evil/m)
  })

  it('tells of Node and of the process, too', async () => {
    const text = await attachMeter(create()).read()
    for (const name of [
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'process_start_time_seconds',
      'nodejs_eventloop_lag_p99_seconds',
      'nodejs_heap_size_used_bytes',
    ]) {
      assert.match(text, new RegExp(`^${name} [\\d.e+-]+$`, 'm'))
    }
  })
})
