import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { type Definition, seriesOf } from '../../functions/platform/telemetry/definitions.ts'
import { objectives } from '../../observability/dashboards/objectives.ts'
import * as platform from '../../observability/dashboards/platform-metrics.ts'
import { sloMetrics } from '../../observability/dashboards/recorded-metrics.ts'
import { type Exposition, parseExposition } from '../observability/exposition.ts'
import { readExpression } from './expressions.ts'
import { ownTables, rules, unknownIn } from './known-series.ts'
import { type Panel, panelsOf, parsed } from './panels.ts'
import { checkByPromtool, hasPromtool } from './promtool.ts'

const panels = parsed.flatMap(panelsOf)
const expressionsOf = ({ targets }: Panel) => targets.map(({ expr }) => expr)

describe('what dashboards and rules look at', () => {
  for (const dashboard of parsed) {
    it(`is exposed with these labels, in ${dashboard.title}`, () => {
      for (const panel of panelsOf(dashboard)) {
        for (const expr of expressionsOf(panel)) {
          assert.deepEqual(unknownIn(readExpression(expr)), [], `${panel.title}: ${expr}`)
        }
      }
      for (const { name, query: text } of dashboard.templating.list) {
        const [, series, label] = /^label_values\((.*), (\w+)\)$/.exec(text) ?? []
        if (name === 'datasource') continue
        assert.deepEqual(unknownIn(readExpression(`group by (${label}) (${series})`)), [], name)
      }
    })
  }

  it('is exposed with these labels, in the rules', () => {
    assert.ok(rules.length >= 10)
    for (const { expr } of rules) assert.deepEqual(unknownIn(readExpression(expr)), [], expr)
  })

  it('is unknown where a series or a label is not exposed', () => {
    for (const [expr, unknown] of [
      ['ocr_pages_totall', ['ocr_pages_totall']],
      ['ocr_pages_total{outcom="read"}', ['ocr_pages_total{outcom}']],
      ['sum by (language) (rate(ocr_pages_total[5m]))', ['language of ocr_pages_total']],
      ['sum(rate(ocr_pages_total[5m])) without (language)', ['language of ocr_pages_total']],
      [
        'ocr_document_size_bytes_sum{job="ocr-model", source="event"}',
        ['ocr_document_size_bytes_sum{source}'],
      ],
      ['ocr_document_size_bytes_sum{job="ocr-gateway", source="event"}', []],
      ['ocr_queue_wait_seconds_sum{le="1"}', ['ocr_queue_wait_seconds_sum{le}']],
      ['ocr_queue_wait_seconds_bucket{le="1"}', []],
      ['up * on (nod) group_left (kn_revision_name) target_info', ['nod of up, target_info']],
      [
        'namespace:ocr_requests:increase5m{outcome="x"}',
        ['namespace:ocr_requests:increase5m{outcome}'],
      ],
    ] as const) {
      assert.deepEqual(unknownIn(readExpression(expr)), unknown)
    }
  })

  it('is refused where it is no PromQL', () => {
    for (const expr of [
      'sum(rate(a[5m])',
      'rate(a[$interval])',
      '{__name__="a"}',
      'sum by (a b)',
    ]) {
      assert.throws(() => readExpression(expr), /not PromQL|without a name/, expr)
    }
  })

  it('is named in legends by labels that the result has', () => {
    for (const { title, targets } of panels) {
      for (const { expr, legendFormat } of targets) {
        const { groupings } = readExpression(expr)
        const labels = new Set(groupings.flatMap(({ labels }) => labels))
        for (const [, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
          assert.ok(labels.has(label), `${title}: ${label}`)
        }
      }
    }
  })

  const skip = hasPromtool
    ? false
    : 'there is no promtool; test:observability asks Prometheus itself'
  it('is asked in ways that Prometheus takes', { skip }, () => {
    checkByPromtool(panels.flatMap(expressionsOf))
    assert.throws(() => checkByPromtool(['rate(ocr_pages_total)']), /expected type range vector/)
  })
})

describe('the tables of metrics', () => {
  it('give every label a bound', () => {
    for (const definition of Object.values(ownTables).flatMap((table) => Object.values(table))) {
      for (const [label, values] of Object.entries(definition.labels)) {
        const bound = 'atMost' in values ? values.atMost : values.length
        assert.ok(bound >= 1 && bound <= 40, `${definition.name}: ${label} has ${bound}`)
      }
    }
  })

  it('hold of Knative what was recorded from it', () => {
    const texts = globSync('tests/observability/recorded/*.prom').map((file) => readFileSync(file))
    const recorded = parseExposition(texts.join('\n'))
    const { nodeMetrics, prometheusMetrics, targetInfo, ...ofKnative } = platform
    const definitions = Object.values(ofKnative).flatMap((table) => Object.values(table))
    for (const definition of [targetInfo, ...definitions]) assertExposed(definition, recorded)
  })

  it('hold of Node what prom-client exposes', async () => {
    const registry = new Registry()
    collectDefaultMetrics({ register: registry })
    const exposed = parseExposition(await registry.metrics())
    for (const definition of Object.values(platform.nodeMetrics)) assertExposed(definition, exposed)
  })

  it('hold of the recording rules what they record', () => {
    const recorded = rules.map(({ record }) => record)
    for (const { name } of Object.values(sloMetrics)) assert.ok(recorded.includes(name), name)
  })
})

function assertExposed(definition: Definition, { samples }: Exposition): void {
  for (const series of seriesOf(definition)) {
    const found = samples.filter(({ name }) => name === series)
    assert.ok(found.length > 0, series)
    for (const label of Object.keys(definition.labels)) {
      assert.ok(
        found.some(({ labels }) => labels[label]),
        `${series}: ${label}`,
      )
    }
  }
}

describe('the objectives on the dashboards', () => {
  it('are those of the alerts', () => {
    const { failedShare, slow, burnRates } = objectives
    const alerts = rules.filter(({ alert }) => alert).map(({ expr }) => expr)
    for (const limit of [
      `ocr_requests_failed:ratio1h > ${burnRates.in1h} * ${failedShare}\n`,
      `ocr_requests_failed:ratio6h > ${burnRates.in6h} * ${failedShare}\n`,
      `ocr_requests_slow:ratio1h > ${burnRates.in1h} * ${slow.share}\n`,
      `ocr_requests_slow:ratio6h > ${burnRates.in6h} * ${slow.share}\n`,
    ]) {
      assert.equal(alerts.filter((expr) => expr.includes(limit)).length, 1, limit)
    }
    const records = rules.filter(({ record }) => record?.endsWith('ocr_requests_slow:increase5m'))
    for (const { expr } of records) assert.match(expr, new RegExp(`le=~"${slow.seconds}\\|`))
    assert.equal(records.length, 1)
  })
})
