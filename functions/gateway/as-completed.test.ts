import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { untilAborted } from '../platform/until-aborted.ts'
import { asCompleted } from './as-completed.ts'

const { signal: never } = new AbortController()

/** Work on numbers that ends when the test says so, or when it is aborted. */
function byHand() {
  const started: number[] = []
  const ended: number[] = []
  const steps = new Map<number, PromiseWithResolvers<string>>()
  const work = async (item: number, signal: AbortSignal) => {
    started.push(item)
    const step = Promise.withResolvers<string>()
    steps.set(item, step)
    try {
      return await untilAborted(signal, step.promise)
    } finally {
      // As a request that takes a moment to be ended.
      await turn()
      ended.push(item)
    }
  }
  return {
    started,
    ended,
    work,
    finish: (item: number) => steps.get(item)?.resolve(`${item} is done`),
    fail: (item: number, error: Error) => steps.get(item)?.reject(error),
  }
}

const isLeft = async (promise: Promise<unknown>) =>
  (await Promise.race([promise, turn('left')])) === 'left'

describe('asCompleted', () => {
  it('gives results as they are ready, with so many at work at once', async () => {
    const { work, started, finish } = byHand()
    const results = asCompleted([1, 2, 3, 4], 2, work, never)
    const first = results.next()
    assert.deepEqual(started, [1, 2])
    finish(2)
    assert.deepEqual(await first, { done: false, value: '2 is done' })
    const second = results.next()
    assert.deepEqual(started, [1, 2, 3])
    finish(3)
    assert.deepEqual(await second, { done: false, value: '3 is done' })
    const third = results.next()
    finish(1)
    assert.deepEqual(await third, { done: false, value: '1 is done' })
    const fourth = results.next()
    finish(4)
    assert.deepEqual(await fourth, { done: false, value: '4 is done' })
    assert.deepEqual(await results.next(), { done: true, value: undefined })
    assert.deepEqual(started, [1, 2, 3, 4])
  })

  it('ends at once without items', async () => {
    const results = asCompleted([], 2, () => assert.fail('there is nothing to do'), never)
    assert.deepEqual(await results.next(), { done: true, value: undefined })
  })

  it('needs no more lanes than there are items', async () => {
    const results: number[] = []
    for await (const result of asCompleted([1, 2], 64, async (item) => item, never)) {
      results.push(result)
    }
    assert.deepEqual(results, [1, 2])
  })

  it('starts nothing before it is asked', async () => {
    const { work, started } = byHand()
    const results = asCompleted([1, 2], 2, work, never)
    await turn()
    assert.deepEqual(started, [])
    await results.return()
    assert.deepEqual(started, [])
  })

  it('throws a failure when all others have been aborted and have ended, and starts no more', async () => {
    const { work, started, ended, fail } = byHand()
    const results = asCompleted([1, 2, 3], 2, work, never)
    const first = results.next()
    fail(2, new Error('broken'))
    await assert.rejects(first, { message: 'broken' })
    assert.deepEqual(ended.toSorted(), [1, 2])
    assert.deepEqual(started, [1, 2])
    assert.deepEqual(await results.next(), { done: true, value: undefined })
  })

  it('keeps a failure that comes while nobody asks', async () => {
    const { work, finish, fail } = byHand()
    const results = asCompleted([1, 2], 2, work, never)
    const first = results.next()
    finish(1)
    await first
    fail(2, new Error('broken'))
    await turn()
    await turn()
    await assert.rejects(results.next(), { message: 'broken' })
  })

  it('aborts what is under way, and has it ended, when nobody wants the rest', async () => {
    const { work, started, ended, finish } = byHand()
    const results = asCompleted([1, 2, 3, 4], 3, work, never)
    const first = results.next()
    finish(2)
    await first
    await results.return()
    assert.deepEqual(started, [1, 2, 3])
    assert.deepEqual(ended.toSorted(), [1, 2, 3])
  })

  it('passes an abort from outside on, with its reason', async () => {
    const { work, ended } = byHand()
    const outer = new AbortController()
    const first = asCompleted([1, 2, 3], 2, work, outer.signal).next()
    assert.ok(await isLeft(first))
    const reason = new Error('gone')
    outer.abort(reason)
    await assert.rejects(first, reason)
    assert.deepEqual(ended.toSorted(), [1, 2])
  })
})
