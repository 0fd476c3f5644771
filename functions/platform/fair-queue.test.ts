import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createFairQueue } from './fair-queue.ts'

/** Items are named by their keys. */
function queueOf(...items: string[]) {
  const queue = createFairQueue<string>()
  for (const item of items) queue.add(item.charAt(0), item)
  return queue
}

const takeAll = (queue: ReturnType<typeof queueOf>): string[] =>
  Array.from({ length: queue.length }, () => queue.take() ?? '')

describe('a fair queue', () => {
  it('gives the items of one key in the order in which they came', () => {
    assert.deepEqual(takeAll(queueOf('a1', 'a2', 'a3')), ['a1', 'a2', 'a3'])
  })

  it('gives those of several keys in turn, whatever came first', () => {
    const queue = queueOf('a1', 'a2', 'a3', 'b1', 'b2', 'c1')
    assert.deepEqual(takeAll(queue), ['a1', 'b1', 'c1', 'a2', 'b2', 'a3'])
  })

  it('lets a key wait for one item of every other key, and for no more', () => {
    const queue = queueOf(...Array.from({ length: 1_000 }, (_, index) => `a${index}`), 'b1', 'b2')
    queue.take()
    queue.add('c', 'c1')
    const next = Array.from({ length: 3 }, () => queue.take())
    assert.deepEqual(next, ['b1', 'a1', 'c1'])
  })

  it('gives no key two turns for coming back', () => {
    const queue = queueOf('a1', 'b1', 'c1')
    const taken = Array.from({ length: 6 }, (_, round) => {
      queue.add('a', `a${round + 2}`)
      return queue.take()
    })
    assert.deepEqual(taken, ['a1', 'b1', 'c1', 'a2', 'a3', 'a4'])
  })

  it('passes over what was removed, and has no keys without items', () => {
    const queue = queueOf('a1', 'b1', 'b2', 'c1')
    queue.remove('b', 'b1')
    queue.remove('c', 'c1')
    queue.remove('b', 'b1')
    queue.remove('d', 'd1')
    assert.deepEqual([queue.length, queue.keys], [2, 2])
    assert.deepEqual(takeAll(queue), ['a1', 'b2'])
    assert.deepEqual([queue.length, queue.keys], [0, 0])
    assert.equal(queue.take(), undefined)
  })

  it('keeps nothing of keys that are gone, however many there were', () => {
    const queue = createFairQueue<number>()
    for (let key = 0; key < 10_000; key++) {
      queue.add(String(key), key)
      if (key % 2 === 0) queue.remove(String(key), key)
      else queue.take()
    }
    assert.deepEqual([queue.length, queue.keys], [0, 0])
  })
})
