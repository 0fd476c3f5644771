import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { answerOf } from '../fixtures/recordings.ts'
import { reasonsOf } from './failures.ts'
import { percentile } from './percentile.ts'
import { p95Seconds, windowsOf } from './windows.ts'

describe('a percentile', () => {
  it('is the value of the nearest rank, whatever the order', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index)
    assert.equal(percentile(values, 95), 95)
    assert.equal(percentile(values, 100), 100)
    assert.equal(percentile([3, 1, 2], 50), 2)
    assert.equal(percentile([10, 9, 1], 50), 9)
  })

  it('is the value itself of one, and nothing of none', () => {
    assert.equal(percentile([7], 95), 7)
    assert.equal(percentile([7], 0), 7)
    assert.equal(percentile([], 95), undefined)
  })
})

describe('windows', () => {
  it('count a request where it was sent, and what came of it where it ended', () => {
    const answers = [answerOf(0.2, 0.1), answerOf(0.9, 1.5), answerOf(1, 0.5, 'refused')]
    const windows = windowsOf([...answers, answerOf(1.99, 1, 'failed')], 3, 1)
    assert.deepEqual(
      windows.map(({ at, sent, read, refused, failed }) => [at, sent, read, refused, failed]),
      [
        [0.5, 2, 1, 0, 0],
        [1.5, 2, 0, 1, 0],
        [2.5, 0, 1, 0, 1],
      ],
    )
  })

  it('count per second, however wide they are', () => {
    const answers = Array.from({ length: 8 }, (_, index) => answerOf(index / 2, 0.1))
    assert.deepEqual(
      windowsOf(answers, 4, 4).map(({ sent }) => sent),
      [2],
    )
  })

  it('have the p95 of what was read lately, until that is too long ago', () => {
    const windows = windowsOf([answerOf(0, 0.5), answerOf(1, 0.9, 'failed')], 10, 1)
    assert.deepEqual(
      windows.map(({ p95 }) => p95),
      Array.from({ length: 10 }, (_, index) => (index < p95Seconds ? 0.5 : undefined)),
    )
  })

  it('lose nothing at the end, where the last one may be cut short', () => {
    const windows = windowsOf([answerOf(2.4, 0.1), answerOf(2.2, 9)], 2.5, 1)
    assert.equal(windows.length, 3)
    assert.equal(windows[2]?.read, 2)
  })

  it('are one without anything in a run without length', () => {
    assert.equal(windowsOf([], 0, 1).length, 1)
  })
})

describe('reasons of failures', () => {
  it('come with their number, the most frequent first', () => {
    const answers = [
      { ...answerOf(0, 1, 'failed'), why: 'ECONNRESET' },
      answerOf(0, 1, 'failed'),
      answerOf(0, 1, 'failed'),
      answerOf(0),
    ]
    assert.deepEqual(reasonsOf(answers), ['status 502, 2 times', 'ECONNRESET, once'])
  })
})
