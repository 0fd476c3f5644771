import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { counter, exposedName, gauge, histogram, seconds, seriesOf, total } from './definitions.ts'
import { attachMeter } from './fixtures/scrape.ts'
import { createMetrics } from './metrics.ts'

const table = {
  counter: counter({ name: 'ocr.things.done', help: 'x' }),
  histogram: histogram({ name: 'ocr.thing.size.bytes', help: 'x', buckets: [1, 2] }),
  gauge: gauge({ name: 'ocr.active_things', help: 'x' }),
  total: total({ name: 'ocr.odd-_name.cpu.seconds', help: 'x' }),
}

describe('definitions of metrics', () => {
  it('know the names of all series that are exposed', async () => {
    const metrics = createMetrics(table)
    const { scrape } = attachMeter(metrics)
    metrics.instruments.histogram.record(1)
    metrics.instruments.gauge.observe((tell) => tell(1))
    metrics.instruments.total.observe((tell) => tell(1))
    const exposed = Object.keys(await scrape()).map((series) => series.replace(/\{.*/, ''))
    const known = Object.values(table).flatMap(seriesOf)
    assert.deepEqual([...new Set(exposed)].sort(), known.sort())
  })

  it('know the name of each metric', async () => {
    assert.deepEqual(Object.values(table).map(exposedName), [
      'ocr_things_done_total',
      'ocr_thing_size_bytes',
      'ocr_active_things',
      'ocr_odd_name_cpu_seconds_total',
    ])
  })

  it('have no labels where none are given', () => {
    assert.deepEqual(table.counter.labels, {})
    const labelled = counter({ name: 'ocr.x', help: 'x', labels: { a: ['b'] } })
    assert.deepEqual(labelled.labels, { a: ['b'] })
  })

  it('have buckets of seconds from 5 ms to the longest deadline of a request', () => {
    assert.equal(seconds[0], 0.005)
    assert.equal(seconds.at(-1), 120)
    assert.deepEqual(
      seconds.toSorted((a, b) => a - b),
      seconds,
    )
  })
})
