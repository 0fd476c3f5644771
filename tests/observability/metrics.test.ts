import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { gatewayMetrics } from '../../functions/gateway/metrics.ts'
import { modelMetrics } from '../../functions/model/metrics.ts'
import { type DashboardQuery, queriesOf, readDashboards } from './dashboards.ts'
import { limited, useEverything } from './everything.ts'
import { fetchExposition } from './exposition.ts'
import { selectorsIn } from './expressions.ts'
import { exposedOtherwise, neverCounted, neverSeen, unseenValues } from './parity.ts'
import type { Result } from './prometheus-api.ts'
import { atEveryInterval, nameOf, readRuleFiles, rulesIn } from './rule-files.ts'
import { type Stack, startStack } from './stack.ts'

const ruleFiles = readRuleFiles()
let stack: Stack
before(async () => {
  stack = await startStack(limited(ruleFiles.map(atEveryInterval)))
  await useEverything(stack)
})
after(() => stack.stop())

const hasData = (results: readonly Result[]): boolean =>
  results.some(({ value }) => Number.isFinite(value))

/** Those of the expressions that have no data, or are wrong. */
async function withoutData(
  queries: readonly DashboardQuery[],
): Promise<Array<DashboardQuery & { readonly problem: string }>> {
  const answers = queries.map(async (query) => {
    try {
      const results = await stack.prometheus.query(query.expression)
      return hasData(results) ? [] : { ...query, problem: 'no data' }
    } catch (error) {
      return { ...query, problem: String(error) }
    }
  })
  return (await Promise.all(answers)).flat()
}

it('Prometheus reaches every target', async () => {
  const targets = await stack.prometheus.targets()
  assert.ok(targets.length > 2)
  assert.deepEqual(
    targets.filter(({ health }) => health !== 'up'),
    [],
  )
})

/** What a query looks at, each by itself: a wrong name is not seen where 0 stands in for what is not there. */
const selectionsOf = ({ place, expression }: DashboardQuery): DashboardQuery[] =>
  selectorsIn(expression).map((selector) => ({ place, expression: selector }))

describe('each metric of the tables is exposed by the running service, and nothing else is', () => {
  for (const [service, table, unseen] of [
    [
      'gateway',
      gatewayMetrics,
      // There is neither a certificate nor a bucket here.
      ['https', 's3'].map((scheme) => `ocr_dataref_fetch_duration_seconds: scheme="${scheme}"`),
    ],
    [
      'model',
      modelMetrics,
      [
        // The program would have to vanish while it is in use.
        'ocr_engine_recognition_duration_seconds: outcome="unavailable"',
        // Only when the model stops.
        'ocr_engine_processes_ended_total: reason="closed"',
      ],
    ],
  ] as const) {
    it(`of the ${service}`, async () => {
      const exposition = await fetchExposition(await stack[service].metricsUrl())
      assert.deepEqual(neverSeen(table, exposition), [])
      assert.deepEqual(neverCounted(table, exposition), [])
      assert.deepEqual(unseenValues(table, exposition), unseen)
      assert.deepEqual(exposedOtherwise(table, exposition), [])
    })
  }
})

describe('each query of the dashboards has data', () => {
  for (const dashboard of readDashboards()) {
    it(dashboard.title, async () => {
      const queries = await queriesOf(dashboard, stack.prometheus)
      assert.ok(queries.length > 0)
      assert.deepEqual(await withoutData(queries), [])
      assert.deepEqual(await withoutData(queries.flatMap(selectionsOf)), [])
    })
  }
})

describe('the rules', () => {
  const rules = rulesIn(ruleFiles)

  it('are there', () => {
    assert.ok(rules.some(({ record }) => record))
    assert.ok(rules.some(({ alert }) => alert))
  })

  it('are all loaded, and looked at without an error', async () => {
    const groups = await stack.prometheus.ruleGroups()
    const states = groups.flatMap(({ rules }) => rules)
    assert.deepEqual(states.map(({ name }) => name).toSorted(), rules.map(nameOf).toSorted())
    assert.deepEqual(
      states.filter(({ health }) => health !== 'ok'),
      [],
    )
  })

  it('have data, those that record', async () => {
    const recording = rules.filter(({ record }) => record)
    const queries = recording.flatMap((rule) => [
      { place: nameOf(rule), expression: rule.expr },
      { place: nameOf(rule), expression: nameOf(rule) },
    ])
    assert.deepEqual(await withoutData(queries), [])
  })

  it('look at series that are there, all of them', async () => {
    const queries = rules.map((rule) => ({ place: nameOf(rule), expression: rule.expr }))
    assert.deepEqual(await withoutData(queries.flatMap(selectionsOf)), [])
  })
})
