import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { parse } from 'yaml'
import { gatewayMetrics } from '../../functions/gateway/metrics.ts'
import { modelMetrics } from '../../functions/model/metrics.ts'
import { type Definition, seriesOf } from '../../functions/platform/telemetry/definitions.ts'
import { selectorsIn } from './expressions.ts'
import { type Rule, readRuleFiles, rulesIn } from './rule-files.ts'
import { parseSelector } from './selectors.ts'

interface Alert extends Rule {
  readonly alert: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}
const isAlert = (rule: Rule): rule is Alert =>
  'alert' in rule && 'labels' in rule && 'annotations' in rule

/** A file of promtool's unit tests. */
interface UnitTests {
  readonly tests: ReadonlyArray<{
    readonly alert_rule_test?: ReadonlyArray<{ alertname: string; exp_alerts?: object[] }>
  }>
}

const rules = rulesIn(readRuleFiles())
const alerts = rules.filter(isAlert)
const names = new Set(rules.flatMap(({ alert = [] }) => alert))
const runbook = readFileSync('observability/runbook.md', 'utf8')

describe('every alert', () => {
  const cases = globSync('tests/promtool/*.yaml')
    .flatMap((file) => (parse(readFileSync(file, 'utf8')) as UnitTests).tests)
    .flatMap(({ alert_rule_test: tests = [] }) => tests)

  for (const name of names) {
    it(`has a case in which it fires, and one in which it is silent (${name})`, () => {
      const own = cases.filter(({ alertname }) => alertname === name)
      assert.ok(own.some(({ exp_alerts: expected = [] }) => expected.length > 0))
      assert.ok(own.some(({ exp_alerts: expected = [] }) => expected.length === 0))
    })
  }

  it('is for a page or a ticket, and says where, and what with a number or a name', () => {
    assert.equal(alerts.length, rules.filter(({ alert }) => alert).length)
    for (const { alert, labels, annotations } of alerts) {
      assert.match(labels['severity'] ?? '', /^(?:page|ticket)$/, alert)
      assert.match(annotations['summary'] ?? '', /\{\{ \$labels\.namespace \}\}/, alert)
      assert.match(annotations['description'] ?? '', /\{\{ \$(?:value|labels)/, alert)
    }
  })

  it('has a dashboard that there is', () => {
    const uids = globSync('observability/dashboards/json/*.json').map(
      (file) => JSON.parse(readFileSync(file, 'utf8')).uid,
    )
    for (const { alert, annotations } of alerts) {
      assert.ok(uids.includes(annotations['dashboard_uid']), alert)
    }
  })

  it('names its place in the runbook', () => {
    for (const { alert, annotations } of alerts) {
      const [page, anchor] = (annotations['runbook_url'] ?? '').split('#')
      assert.match(page ?? '', /^https:\/\/.*\/observability\/runbook\.md$/)
      assert.equal(anchor, alert.toLowerCase())
    }
  })
})

describe('the runbook', () => {
  it('has a place for each alert, and no others', () => {
    const headings = [...runbook.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)
    assert.deepEqual(new Set(headings), names)
    assert.equal(headings.length, names.size)
  })

  it('leads only to places that there are', () => {
    const anchors = new Set([...names].map((name) => name.toLowerCase()))
    const links = [...runbook.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor = '']) => anchor)
    assert.ok(links.length > 5)
    for (const anchor of links) assert.ok(anchors.has(anchor), anchor)
  })

  it('asks Prometheus for what there is', () => {
    const lines = [...runbook.matchAll(/```\n(.*?)```/gs)].flatMap(([, block = '']) =>
      block.trim().split('\n'),
    )
    const expressions = lines.filter((line) => !/^(?:kubectl|curl) /.test(line))
    assert.ok(expressions.length > 10)
    const tables: Definition[] = [gatewayMetrics, modelMetrics].flatMap((table) =>
      Object.values<Definition>(table),
    )
    const known = [...tables.flatMap(seriesOf), ...rules.flatMap(({ record = [] }) => record)]
    const asked = expressions.flatMap(selectorsIn).map((text) => parseSelector(text).metric)
    const own = asked.filter((metric) => !metric.startsWith('kn_'))
    for (const metric of own) assert.ok(known.includes(metric), metric)
  })
})
