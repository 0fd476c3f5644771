import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { counter, gauge, histogram } from '../../functions/platform/telemetry/definitions.ts'
import { inScope } from '../../observability/dashboards/promql/metric.ts'
import * as query from '../../observability/dashboards/promql/query.ts'

describe('a query', () => {
  const labels = { kind: ['a', 'b'] } as const
  const table = {
    sum: counter({ name: 'x.events', help: '', labels }),
    level: gauge({ name: 'x.level', help: '' }),
    times: histogram({ name: 'x.time.seconds', help: '', buckets: [1] }),
  }
  const { sum, level, times } = inScope(table, { targets: 'job="x"' })

  it('has the names of series that the metric is exposed by, and the targets', () => {
    assert.equal(query.rateOf(sum), 'sum(rate(x_events_total{job="x"}[$__rate_interval]))')
    assert.equal(
      query.gaugeOf(level, { take: 'max', by: ['pod'] }),
      'max by (pod) (x_level{job="x"})',
    )
    assert.equal(
      query.quantileOf(0.9, times, { over: '1h' }),
      'histogram_quantile(0.9, sum by (le) (rate(x_time_seconds_bucket{job="x"}[1h])))',
    )
    assert.match(query.meanOf(times), /x_time_seconds_sum.* \/ .*x_time_seconds_count/)
  })

  it('chooses by labels: a value, several, another, none, or a pattern', () => {
    for (const [kind, matcher] of [
      ['a', 'kind="a"'],
      ['', 'kind=""'],
      [['a', 'b'], 'kind=~"a|b"'],
      [{ not: 'a' }, 'kind!="a"'],
      [{ like: 'a.*' }, 'kind=~"a.*"'],
    ] as const) {
      assert.equal(query.seriesWith(sum, { kind }), `x_events_total{${matcher}, job="x"}`)
    }
  })

  it('counts all that a series has that was not there before', () => {
    const series = 'x_events_total{job="x"}'
    assert.equal(
      query.countOf(sum, { over: '1h' }),
      `sum((last_over_time(${series}[1h]) unless last_over_time(${series}[6h] offset 1h)) or increase(${series}[1h]))`,
    )
  })

  it('has a share of 0 where no part has been counted, and none where nothing has', () => {
    assert.equal(query.shareOf('part', 'whole'), '(part or vector(0)) / (whole > 0)')
  })

  it('is refused where the metric is of another kind', () => {
    for (const ask of [
      () => query.rateOf(level),
      () => query.quantileOf(0.5, sum),
      () => query.amountRateOf(level),
      () => query.gaugeOf(times),
    ]) {
      assert.throws(ask, /cannot be asked that/)
    }
  })

  it('is no code where a label or its value is not of the metric', () => {
    // @ts-expect-error: there is no such label
    query.rateOf(sum, { by: ['knd'] })
    // @ts-expect-error: there is no such label
    query.rateOf(sum, { where: { knd: 'a' } })
    // @ts-expect-error: the label has no such value
    query.rateOf(sum, { where: { kind: 'c' } })
  })
})
