import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import * as units from '@grafana/grafana-foundation-sdk/units'
import { parse } from 'yaml'
import { dashboards } from '../../observability/dashboards/index.ts'
import { overlap, panelsOf, parsed } from './panels.ts'

/** Values that are there more than once. */
const repeated = <T>(values: readonly T[]): T[] =>
  values.filter((value, index) => values.indexOf(value) !== index)

describe('the dashboards', () => {
  it('are in files, without another beside them', () => {
    const files = dashboards.map(({ file }) => file)
    assert.deepEqual(readdirSync('observability/dashboards/json').sort(), files.sort())
  })

  it('have uids and titles of their own, and say what they are for', () => {
    const uids = parsed.map(({ uid }) => uid)
    assert.deepEqual(uids.sort(), ['ocr-autoscaling', 'ocr-engine', 'ocr-overview'])
    assert.deepEqual(repeated(parsed.map(({ title }) => title)), [])
    for (const { description } of parsed) assert.match(description, /\?$/)
  })

  it('link to each other', () => {
    for (const { links, tags } of parsed) {
      assert.deepEqual(
        links.map((link) => [link.type, link.tags]),
        [['dashboards', tags]],
      )
      assert.deepEqual(tags, parsed[0]?.tags)
    }
  })

  it('show the last hour and are refreshed', () => {
    for (const { time, refresh } of parsed) {
      assert.deepEqual([time, refresh], [{ from: 'now-1h', to: 'now' }, '30s'])
    }
  })
})

for (const dashboard of parsed) {
  describe(`the panels of ${dashboard.title}`, () => {
    it('have ids and titles of their own', () => {
      assert.deepEqual(repeated(dashboard.panels.map(({ id }) => id)), [])
      assert.deepEqual(repeated(dashboard.panels.map(({ title }) => title)), [])
      assert.ok(panelsOf(dashboard).length >= 10)
    })

    it('lie beside each other', () => {
      for (const [index, panel] of dashboard.panels.entries()) {
        const { x, w } = panel.gridPos
        assert.ok(x >= 0 && w > 0 && x + w <= 24, panel.title)
        const others = dashboard.panels.slice(index + 1)
        const hidden = others.filter(({ gridPos }) => overlap(panel.gridPos, gridPos))
        assert.deepEqual(hidden, [], panel.title)
      }
    })

    it('ask a question, have a unit that Grafana knows, and say what they show if it is nothing', () => {
      const known = new Set(Object.values(units))
      for (const { title, description, fieldConfig } of panelsOf(dashboard)) {
        assert.match(description, /\?/, title)
        assert.ok(known.has(fieldConfig.defaults.unit as never), title)
        assert.ok(fieldConfig.defaults.noValue, title)
      }
    })

    it('ask the data source that is chosen, each query by a letter of its own', () => {
      for (const { title, datasource, targets } of panelsOf(dashboard)) {
        assert.ok(targets.length > 0, title)
        assert.deepEqual(repeated(targets.map(({ refId }) => refId)), [], title)
        for (const { uid } of [datasource, ...targets.map((target) => target.datasource)]) {
          assert.equal(uid, '$datasource', title)
        }
      }
    })

    it('have names for all of their series', () => {
      for (const { title, targets } of panelsOf(dashboard)) {
        for (const { legendFormat } of targets) assert.ok(legendFormat, title)
        assert.deepEqual(repeated(targets.map(({ legendFormat }) => legendFormat)), [], title)
      }
    })

    it('use each variable, and none that there is not', () => {
      const texts = [
        ...panelsOf(dashboard).flatMap(({ targets }) => targets.map(({ expr }) => expr)),
        ...dashboard.templating.list.map(({ query }) => query),
        '$datasource',
      ]
      const used = texts.flatMap((text) => text.match(/\$\w+/g) ?? [])
      const own = used.filter((name) => !name.startsWith('$__'))
      const variables = dashboard.templating.list.map(({ name }) => `$${name}`)
      assert.deepEqual([...new Set(own)].sort(), variables.sort())
    })
  })
}

describe('the rates of the panels', () => {
  it('span several fetchings of Prometheus, as the chart has them done', () => {
    const { interval } = parse(readFileSync('observability/values.yaml', 'utf8'))
    for (const panel of parsed.flatMap(panelsOf)) assert.equal(panel.interval, interval)
  })
})
