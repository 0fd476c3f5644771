import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { quickened, quickenedDuration, selectorsIn } from './expressions.ts'

describe('an expression whose times are divided by 60', () => {
  for (const [expression, expected] of [
    ['rate(a_total[5m])', 'rate(a_total[5s])'],
    ['rate(a_total[90s])', 'rate(a_total[1500ms])'],
    ['rate(a_total[1h30m])', 'rate(a_total[90s])'],
    ['increase(a_total[ 3d ])', 'increase(a_total[ 4320s ])'],
    ['max_over_time(rate(a_total[5m])[1h:30s])', 'max_over_time(rate(a_total[5s])[60s:500ms])'],
    ['max_over_time(a[1h:])', 'max_over_time(a[60s:])'],
    ['a offset 1d > a offset -1h', 'a offset 1440s > a offset -60s'],
    ['rate(a_total[5m] offset 1m)', 'rate(a_total[5s] offset 1s)'],
    [
      'rate(a{b="[1m] \\" offset 1h"}[2m]) # [3m]\n/ rate(c[4m])',
      'rate(a{b="[1m] \\" offset 1h"}[2s]) # [3m]\n/ rate(c[4s])',
    ],
  ] as const) {
    it(`is ${expected}, if it is ${expression}`, () => {
      assert.equal(quickened(expression, 60), expected)
    })
  }

  for (const expression of [
    'ocr:errors:ratio_rate5m > 14.4 * 0.01',
    'a{window="5m", of=~"[5m]", or=\'[1h]\', re=`[1d]`, q="\\"[5m]"}',
    'sum by (offset_5m) (a) > 300',
    'time() - a > 300',
    'a # over [5m], offset 1h',
    'a @ 1609746000',
  ]) {
    it(`is the same, if it has no times: ${expression}`, () => {
      assert.equal(quickened(expression, 60), expression)
    })
  }
})

describe('a duration', () => {
  it('is divided, and rounded to a millisecond but never to nothing', () => {
    assert.equal(quickenedDuration('15m', 60), '15s')
    assert.equal(quickenedDuration('10s', 60), '167ms')
    assert.equal(quickenedDuration('1s', 100_000), '1ms')
    assert.equal(quickenedDuration('1w2d3h4m5s6ms', 1), '788645006ms')
  })

  it('is refused, if it is none', () => {
    for (const text of ['', '5', 'm', '5m ', '5x']) {
      assert.throws(() => quickenedDuration(text, 60), /no duration/, text)
    }
  })
})

describe('the selections of an expression', () => {
  it('are found wherever they stand, without functions, labels and texts', () => {
    const expression = `sum by (x) (rate(a_total{b="c{d}", e=~"f"}[5m])) / on (x) group_left (y)
      label_replace(g offset 1h, "h", "$1", "i", "(j)") and {__name__=~"k"} or absent(up == 0) # l`
    assert.deepEqual(selectorsIn(expression), [
      'a_total{b="c{d}", e=~"f"}',
      'g',
      '{__name__=~"k"}',
      'up',
    ])
  })

  it('are refused, if it is no expression', () => {
    assert.throws(() => selectorsIn('rate(a[5m]'), /not PromQL/)
  })
})
