import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { outputOf } from '../fixtures/output.ts'
import { answerOf, podsAt, recordingOf } from '../fixtures/recordings.ts'
import { chart } from './chart.ts'
import { type Moment, statusLine } from './moment.ts'
import { createScreen } from './screen.ts'

const { spans } = recordingOf()
const momentOf = (parts: Partial<Moment> = {}): Moment => ({
  ...{ at: 6, spans, answers: [], underWay: 0, pods: [] },
  ...parts,
})
const busy = momentOf({
  answers: [answerOf(2, 0.5), answerOf(3, 1.5), answerOf(4, 0.1, 'failed')],
  underWay: 2,
  pods: [podsAt(0, 0, 0), podsAt(3, 1, 3, 2)],
})

describe('the line of a moment', () => {
  it('has the phase, what came of the requests, and pods', () => {
    assert.equal(
      statusLine(busy),
      '   6 s  burst  2 read, 0 refused, 1 failed  2 under way  p95 1.50 s  pods: gateway 1, model 2 of 3',
    )
  })

  it('says nothing of pods that are not seen, and of latency where there is none', () => {
    assert.equal(
      statusLine(momentOf()),
      '   6 s  burst  0 read, 0 refused, 0 failed  0 under way  p95 –',
    )
  })
})

describe('the chart of a moment', () => {
  it('has pods, rate and latency, no wider than the terminal', () => {
    for (const at of [0, 6, 1_000]) {
      const text = stripVTControlCharacters(
        chart({ ...busy, at }, { columns: 80, hasColours: true }),
      )
      assert.match(text, /pods that are ready[\s\S]*read per second[\s\S]*p95 latency/)
      assert.ok(text.split('\n').every((line) => line.length <= 80))
      assert.doesNotMatch(text, /NaN|undefined/)
    }
  })

  it('has no colours where they are not wanted', () => {
    const text = chart(busy, { columns: 80, hasColours: false })
    assert.equal(text, stripVTControlCharacters(text))
    assert.notEqual(text, chart(busy, { columns: 80, hasColours: true }))
  })

  it('can be drawn of nothing', () => {
    const text = chart(momentOf({ at: 0 }), { columns: 60, hasColours: false })
    assert.doesNotMatch(text, /NaN|undefined|pods/)
  })
})

describe('the screen', () => {
  it('is a line now and then where there is no terminal, or a small one', () => {
    for (const parts of [{}, { isTTY: true, columns: 59, rows: 50 }, { columns: 90, rows: 50 }]) {
      const output = outputOf(parts)
      const screen = createScreen(output)
      screen.show(busy)
      screen.say('text')
      assert.equal(output.text, `${statusLine(busy)}\ntext\n`)
    }
  })

  it('is a chart on a terminal, drawn over the one before', () => {
    const output = outputOf({ isTTY: true, columns: 100, rows: 40 })
    const screen = createScreen(output)
    screen.show(busy)
    const first = output.text
    assert.equal(first, stripVTControlCharacters(first))
    const rows = first.split('\n').length - 1
    screen.show(busy)
    assert.equal(output.text.slice(first.length), `\u001B[${rows}A\r\u001B[J${first}`)
    screen.say('text')
    assert.ok(output.text.endsWith(`\u001B[${rows}A\r\u001B[Jtext\n`))
    screen.say('more')
    assert.ok(output.text.endsWith('text\nmore\n'))
  })

  it('leaves the last chart where it is at the end', () => {
    const output = outputOf({ isTTY: true, columns: 100, rows: 40 })
    const screen = createScreen(output)
    screen.show(busy)
    const drawn = output.text
    screen.end('summary')
    assert.equal(output.text, `${drawn}summary\n`)
  })
})
