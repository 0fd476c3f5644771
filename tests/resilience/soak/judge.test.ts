import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { End, Entry } from '../load/ask.ts'
import { answered, entryOf } from '../load/fixtures/entries.ts'
import { slowness, unexpected } from './judge.ts'

const entry = (startedAt: number, ms: number, end: End, sample = 'page') =>
  entryOf({ startedAt, endedAt: startedAt + ms, end, sample })

const mix = (...kills: number[]) => ({
  kills,
  isHostile: ({ sample }: Entry) => sample === 'bomb',
})

describe('what is not expected of a soak', () => {
  it('is neither a page that is read or refused, nor a bomb that is told what it is, nor a client that left', () => {
    const entries = [
      entry(0, 1, answered(200)),
      entry(0, 1, answered(429)),
      entry(0, 1, answered(422), 'bomb'),
      entry(0, 1, answered(429), 'bomb'),
      entry(0, 1, { outcome: 'cut' }),
    ]
    assert.deepEqual(unexpected(entries, mix()), [])
  })

  it('is an error, a bomb that is read and a request that is lost', () => {
    const entries = [
      entry(0, 1, answered(500)),
      entry(0, 1, answered(422)),
      entry(0, 1, answered(200), 'bomb'),
      entry(0, 1, { outcome: 'lost', why: 'socket hang up' }),
    ]
    assert.deepEqual(unexpected(entries, mix()), entries)
  })

  it('is no error of a request that was under way when an engine was killed', () => {
    const [during, before] = [entry(10, 5, answered(422)), entry(0, 5, answered(422))]
    assert.deepEqual(unexpected([during, before], mix(12)), [before])
  })
})

describe('the slowness of a soak', () => {
  it('is that of the first tenth and the last, in the order of their begin', () => {
    const read = Array.from({ length: 1000 }, (_, index) =>
      entry(index, index < 100 ? 10 : index < 900 ? 500 : 30, answered(200)),
    )
    assert.deepEqual(slowness(read.toReversed()), { first: 10, last: 30 })
  })

  it('is that of thirds where tenths would be few requests', () => {
    const read = Array.from({ length: 9 }, (_, index) => entry(index, index + 1, answered(200)))
    assert.deepEqual(slowness(read), { first: 3, last: 9 })
  })
})
