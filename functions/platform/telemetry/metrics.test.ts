import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { counter, gauge, histogram, seconds, total } from './definitions.ts'
import { attachMeter } from './fixtures/scrape.ts'
import { createMetrics } from './metrics.ts'

const table = {
  retries: counter({ name: 'retries', help: 'x' }),
  pages: counter({ name: 'pages', help: 'x', labels: { outcome: ['read'], lang: { atMost: 2 } } }),
  wait: histogram({ name: 'wait.seconds', help: 'x', buckets: seconds }),
  processes: gauge({ name: 'processes', help: 'x', labels: { lang: { atMost: 2 } } }),
  cpu: total({ name: 'cpu.seconds', help: 'x', labels: { program: { atMost: 2 } } }),
} as const
const create = () => createMetrics(table)

describe('metrics', () => {
  it('tell what was recorded before there was a meter, and after', async () => {
    const metrics = create()
    const { pages, wait, processes } = metrics.instruments
    pages.record(2, { outcome: 'read', lang: 'eng' })
    wait.record(0.3)
    processes.observe((tell) => tell(4, { lang: 'eng' }))
    const { scrape } = attachMeter(metrics)
    pages.record(3, { outcome: 'read', lang: 'eng' })
    wait.record(0.4)
    const series = await scrape()
    assert.equal(series['pages_total{outcome="read",lang="eng"}'], 5)
    assert.equal(series['wait_seconds_count'], 2)
    assert.equal(series['wait_seconds_bucket{le="0.25"}'], 0)
    assert.equal(series['wait_seconds_bucket{le="0.5"}'], 2)
    assert.equal(series['wait_seconds_bucket{le="120"}'], 2)
    assert.equal(series['processes{lang="eng"}'], 4)
  })

  it('tell nothing once they are discarded', async () => {
    const metrics = create()
    metrics.instruments.retries.record(1)
    metrics.discard()
    metrics.instruments.retries.record(1)
    metrics.instruments.processes.observe((tell) => tell(1, { lang: 'eng' }))
    assert.deepEqual(await attachMeter(metrics).scrape(), {})
  })

  it('show a counter without labels before it has counted anything', async () => {
    assert.deepEqual(await attachMeter(create()).scrape(), { retries_total: 0 })
  })

  it('have no more series than their labels allow, however many values come', async () => {
    const metrics = create()
    const { scrape } = attachMeter(metrics)
    const { pages, processes } = metrics.instruments
    for (let number = 0; number < 50; number++) {
      pages.record(1, { outcome: 'read', lang: `lang${number}` })
    }
    processes.observe((tell) => {
      for (let number = 0; number < 50; number++) tell(1, { lang: `lang${number}` })
    })
    const series = await scrape()
    const of = (name: string) => Object.entries(series).filter(([key]) => key.startsWith(name))
    assert.deepEqual(of('pages'), [
      ['pages_total{outcome="read",lang="lang0"}', 1],
      ['pages_total{outcome="read",lang="lang1"}', 1],
      ['pages_total{outcome="read",lang="other"}', 48],
    ])
    // What has the same labels in the end is summed up.
    assert.deepEqual(of('processes'), [
      ['processes{lang="lang0"}', 1],
      ['processes{lang="lang1"}', 1],
      ['processes{lang="other"}', 48],
    ])
  })

  it('count a gauge as 0 when it is no longer told, and again when it is', async () => {
    const metrics = create()
    const { scrape } = attachMeter(metrics)
    let langs = ['eng', 'deu']
    metrics.instruments.processes.observe((tell) => {
      for (const lang of langs) tell(1, { lang })
    })
    const told = async () => {
      const series = await scrape()
      return ['eng', 'deu'].map((lang) => series[`processes{lang="${lang}"}`])
    }
    assert.deepEqual(await told(), [1, 1])
    langs = ['deu']
    assert.deepEqual(await told(), [0, 1])
    langs = ['eng', 'deu']
    assert.deepEqual(await told(), [1, 1])
  })

  it('keep a total where it was when it is no longer told', async () => {
    const metrics = create()
    const { scrape } = attachMeter(metrics)
    let isTold = true
    metrics.instruments.cpu.observe((tell) => {
      if (isTold) tell(7, { program: 'pdftoppm' })
    })
    assert.equal((await scrape())['cpu_seconds_total{program="pdftoppm"}'], 7)
    isTold = false
    assert.equal((await scrape())['cpu_seconds_total{program="pdftoppm"}'], 7)
  })

  it('tell all else when one cannot be asked, and warn of it', async () => {
    const metrics = create()
    const { scrape, warnings } = attachMeter(metrics)
    const failure = new Error('no such process')
    metrics.instruments.processes.observe(() => {
      throw failure
    })
    metrics.instruments.cpu.observe((tell) => tell(1, { program: 'pdfinfo' }))
    const series = await scrape()
    assert.equal(series['cpu_seconds_total{program="pdfinfo"}'], 1)
    assert.deepEqual(warnings, [{ err: failure }])
  })
})
