import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createStopwatch, type Stage } from './stopwatch.ts'

/** A clock that the test sets. */
function stopwatchAt(time: { ms: number }) {
  const laps: Array<[stage: Stage, from: number, to: number]> = []
  const onLap = (...lap: (typeof laps)[number]) => void laps.push(lap)
  return { stopwatch: createStopwatch(onLap, () => time.ms), laps }
}

describe('the stopwatch', () => {
  it('puts the time since the lap before down to a stage, and tells of it', () => {
    const time = { ms: 100 }
    const { stopwatch, laps } = stopwatchAt(time)
    const lap = stopwatch.start()
    time.ms = 103
    lap('queue')
    time.ms = 110
    lap('recognize')
    assert.deepEqual(laps, [
      ['queue', 100, 103],
      ['recognize', 103, 110],
    ])
    assert.deepEqual(stopwatch.timings, { queueMs: 3, decodeMs: 0, recognizeMs: 7, parseMs: 0 })
  })

  it('has all that is done to pictures in one sum, and readings and their results in two', () => {
    const sums = (stage: Stage) => {
      const time = { ms: 0 }
      const { stopwatch } = stopwatchAt(time)
      const lap = stopwatch.start()
      time.ms = 1
      lap(stage)
      return Object.entries(stopwatch.timings).flatMap(([name, ms]) => (ms === 1 ? [name] : []))
    }
    for (const stage of ['open', 'decode', 'normalize', 'improve', 'picture'] as const) {
      assert.deepEqual(sums(stage), ['decodeMs'])
    }
    assert.deepEqual(sums('queue'), ['queueMs'])
    assert.deepEqual(sums('recognize'), ['recognizeMs'])
    assert.deepEqual(sums('parse'), ['parseMs'])
  })

  it('adds up pages that are read side by side, to a tenth of a millisecond', () => {
    const time = { ms: 0 }
    const { stopwatch } = stopwatchAt(time)
    const [one, other] = [stopwatch.start(), stopwatch.start()]
    time.ms = 1.11
    one('decode')
    time.ms = 2.22
    other('decode')
    assert.equal(stopwatch.timings.decodeMs, 3.3)
  })
})
