import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { describe, it } from 'node:test'
import { errorKinds, errorTable } from '../../functions/contract/errors.ts'
import { formRoute, ocrRoute } from '../../functions/gateway/api/routes/documents.ts'
import { eventsRoute } from '../../functions/gateway/api/routes/events.ts'
import { gatewayMetrics } from '../../functions/gateway/metrics.ts'
import { modelMetrics } from '../../functions/model/metrics.ts'
import { type Definition, seriesOf } from '../../functions/platform/telemetry/definitions.ts'
import { serverMetrics } from '../../functions/platform/telemetry/server-metrics.ts'
import { objectives } from '../../observability/dashboards/objectives.ts'
import { selectorsIn } from './expressions.ts'
import { promtool } from './promtool.ts'
import { readRuleFiles, rulesIn } from './rule-files.ts'
import { parseSelector, type Selector } from './selectors.ts'

const rules = rulesIn(readRuleFiles())
const selectors = rules.flatMap(({ expr }) => selectorsIn(expr)).map(parseSelector)
const isRecorded = ({ metric }: Selector): boolean => metric.includes(':')

describe('the rules', () => {
  it('are valid for Prometheus', () => {
    promtool('check', 'rules', ...globSync('observability/rules/*.yaml'))
  })

  const unitTests = globSync('tests/promtool/*.yaml')
  it('have unit tests', () => assert.ok(unitTests.length > 0))
  for (const file of unitTests) {
    it(`do what ${file} says`, () => promtool('test', 'rules', file))
  }
})

describe('what the rules look at', () => {
  it('is recorded by others, if it is recorded', () => {
    const recorded = new Set(rules.flatMap(({ record = [] }) => record))
    const used = selectors.filter(isRecorded)
    assert.ok(used.length > 20)
    for (const { metric } of used) assert.ok(recorded.has(metric), metric)
  })

  it('is told by the services otherwise, with those labels and values', () => {
    const tables: Readonly<Record<string, Readonly<Record<string, Definition>>>> = {
      'ocr-gateway': gatewayMetrics,
      'ocr-model': modelMetrics,
      'ocr-gateway|ocr-model': serverMetrics,
    }
    // Prometheus makes the one, and a library for metrics of processes the other.
    const foreign = ['up', 'process_start_time_seconds']
    const own = selectors.filter((one) => !isRecorded(one) && !foreign.includes(one.metric))
    assert.ok(own.length > 20)
    for (const { metric, matchers } of own) {
      const { values: jobs = [] } = matchers.find(({ label }) => label === 'job') ?? {}
      const table = Object.values(tables[jobs.join('|')] ?? {})
      const definition = table.find((candidate) => seriesOf(candidate).includes(metric))
      assert.ok(definition, `${metric} of ${jobs}`)
      for (const { label, values } of matchers) {
        if (label === 'job' || (label === 'le' && metric.endsWith('_bucket'))) continue
        const known = definition.labels[label]
        assert.ok(known, `${label} of ${metric}`)
        if ('atMost' in known) continue
        for (const value of values) assert.ok(value === '' || known.includes(value), value)
      }
    }
  })

  const valuesOf = (name: string, wanted: string) =>
    selectors
      .filter(({ metric }) => metric === name)
      .flatMap(({ matchers }) => matchers.filter(({ label }) => label === wanted))
      .map(({ values }) => new Set(values))

  it('is each way by which documents come', () => {
    const routes = new Set([ocrRoute, formRoute, eventsRoute].map(({ path }) => path))
    const looks = valuesOf('http_server_request_duration_seconds_bucket', 'http_route')
    assert.ok(looks.length > 0)
    for (const look of looks) assert.deepEqual(look, routes)
  })

  it('is each error for a reason of ours', () => {
    const ours = errorKinds.filter((kind) => errorTable[kind].status >= 500)
    const looks = valuesOf('namespace_status:ocr_requests:increase5m', 'error_type')
    const kinds = looks.filter((look) => look.size > 1)
    assert.deepEqual(kinds, [new Set(['overloaded', ...ours])])
  })

  it('is a time that the histogram knows', () => {
    assert.ok(serverMetrics.requestDuration.buckets?.includes(objectives.slow.seconds))
  })
})
