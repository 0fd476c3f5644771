import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Entry } from './ask.ts'
import { answered, entryOf } from './fixtures/entries.ts'
import { closedLoop, startLoad, throughput } from './generator.ts'

const entry = (startedAt: number, endedAt: number, status = 200) =>
  entryOf({ startedAt, endedAt, end: answered(status) })

describe('an open loop', () => {
  it('sends on while nothing is answered, and ends when all has been', async () => {
    const { promise: enough, resolve } = Promise.withResolvers<void>()
    const waiting: Array<(entry: Entry) => void> = []
    const load = startLoad(
      () =>
        new Promise((answer) => {
          waiting.push(answer)
          if (waiting.length === 5) resolve()
        }),
      1000,
    )
    await enough
    assert.equal(load.entries.length, 0)
    const stopped = load.stop()
    for (const answer of waiting) answer(entry(0, 1))
    await stopped
    assert.equal(load.entries.length, load.sent)
  })
})

describe('a closed loop', () => {
  it('has as many requests under way as workers, and no more', async () => {
    let [underWay, most] = [0, 0]
    const ask = async () => {
      most = Math.max(most, ++underWay)
      await new Promise((resolve) => setTimeout(resolve, 5))
      underWay--
      return entry(0, 1)
    }
    assert.ok((await closedLoop(ask, { workers: 3, seconds: 0.05 })).length >= 3)
    assert.equal(most, 3)
  })
})

describe('throughput', () => {
  it('is what was read, over the time from the first begin to the last end', () => {
    assert.equal(throughput([entry(0, 500), entry(500, 2000), entry(100, 1500, 429)]), 1)
  })

  it('is nothing where nothing was read', () => {
    assert.equal(throughput([entry(0, 10, 503)]), 0)
  })
})
