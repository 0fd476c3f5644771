import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createStore } from './store.ts'

describe('a store', () => {
  it('tells at once, and then only of what is selected', () => {
    const store = createStore({ a: 1, b: 1 })
    const seen: number[] = []
    store.watch([({ a }) => a], ({ a }) => seen.push(a))
    store.update({ b: 2 })
    store.update({ a: 1 })
    store.update({ a: 2 })
    assert.deepEqual(seen, [1, 2])
    assert.deepEqual(store.state, { a: 2, b: 2 })
  })

  it('tells everybody of a change that somebody makes who is told', () => {
    const store = createStore({ query: '', count: 0 })
    const seen: number[] = []
    store.watch([({ query }) => query], ({ query }) => store.update({ count: query.length }))
    store.watch([({ count }) => count], ({ count }) => seen.push(count))
    store.update({ query: 'abc' })
    assert.deepEqual(seen, [0, 3])
  })
})
