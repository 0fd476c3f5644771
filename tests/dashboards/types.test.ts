import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Dashboard, parsed } from './panels.ts'
import { typeErrorsOf } from './type-check.ts'

describe("Grafana's own types", () => {
  const text = (dashboard: Dashboard) => JSON.stringify(dashboard)
  const [overview] = parsed
  assert.ok(overview)

  it('allow the dashboards', () => {
    const files = new Map(parsed.map((dashboard) => [dashboard.uid, text(dashboard)]))
    assert.deepEqual(typeErrorsOf(files), new Map())
  })

  it('refuse what is wrong in any part of one', () => {
    const wrong = new Map(
      Object.entries(mistakes).map(([name, [right, mistake]]) => {
        const changed = text(overview).replace(right, mistake)
        assert.notEqual(changed, text(overview), name)
        return [name, changed]
      }),
    )
    const errors = typeErrorsOf(wrong)
    assert.deepEqual(
      [...wrong.keys()].filter((name) => !errors.has(name)),
      [],
    )
    assert.match(errors.get('an option of a graph') ?? '', /'"legnd"' does not exist/)
    assert.match(errors.get('a value of an option') ?? '', /Type '"lst"' is not assignable/)
  })
})

/** What is right, and how it is made wrong, by where it stands. */
const mistakes: Readonly<Record<string, readonly [string, string]>> = {
  'a field of the dashboard': ['"refresh":"30s"', '"refreshes":"30s"'],
  'a field that there must be': ['"schemaVersion":42,', ''],
  'a field of a variable': ['"includeAll":', '"includeAl":'],
  'a number that stands for a word': ['"refresh":2', '"refresh":7'],
  'a field of a link': ['"keepTime":', '"keepTimes":'],
  'the kind of a panel': ['"type":"timeseries"', '"type":"graph"'],
  'a field of a row': ['"collapsed":', '"colapsed":'],
  'a place': ['"h":8', '"h":"8"'],
  'a unit': ['"unit":"s"', '"unit":5'],
  'a threshold': ['"mode":"absolute"', '"mode":"percent"'],
  'an option of a graph': ['"legend":{', '"legnd":{'],
  'a value of an option': ['"displayMode":"list"', '"displayMode":"lst"'],
  'a setting of the lines': ['"lineWidth":1', '"lineWith":1'],
  'an option of a figure': ['"graphMode":"none"', '"graphMode":"no"'],
  'an option of bars': ['"valueMode":"text"', '"valueMode":"txt"'],
  'an option of a heatmap': ['"scheme":"Oranges"', '"schema":"Oranges"'],
  'a setting of one series': ['"fixedColor":"green"', '"fixedColour":"green"'],
  'which setting it is': ['"id":"color"', '"id":"colour"'],
  'a query': ['"expr":', '"expression":'],
}
