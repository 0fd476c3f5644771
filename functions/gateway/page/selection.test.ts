import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pageOf } from './fixtures/pages.ts'
import { createSelection } from './selection.ts'
import { initialState, type State, withPage } from './state.ts'
import { createStore } from './store.ts'

function setUp() {
  const page = pageOf([
    [
      ['sure', 0, 0],
      ['guess', 100, 0, 0.4],
    ],
  ])
  const store = createStore<State>({ ...initialState, pages: withPage(new Map(), page) })
  const said: string[] = []
  return { store, said, selection: createSelection({ store, say: (text) => said.push(text) }) }
}

describe('a selection', () => {
  it('goes from word to word by keys, and tells each', () => {
    const { store, said, selection } = setUp()
    selection.go('next')
    selection.go('next')
    selection.go('next')
    assert.deepEqual(store.state.chosen, { page: 1, word: 1, by: 'key' })
    assert.deepEqual(said, ['sure, 95 percent', 'guess, 40 percent'])
  })

  it('says nothing of what a pointer does', () => {
    const { store, said, selection } = setUp()
    selection.hover(0)
    assert.deepEqual(store.state.hovered, { page: 1, word: 0 })
    selection.choose(1, 'text')
    assert.deepEqual([store.state.hovered, store.state.chosen?.by], [undefined, 'text'])
    selection.hover(undefined)
    selection.choose(undefined, 'key')
    assert.deepEqual([store.state.chosen, said], [undefined, []])
  })

  it('does not begin where another page has its word', () => {
    const { store, selection } = setUp()
    store.update({ chosen: { page: 9, word: 1, by: 'key' } })
    selection.go('next')
    assert.equal(store.state.chosen?.word, 0)
  })

  it('goes to words in doubt, or tells that there is none', () => {
    const { store, said, selection } = setUp()
    selection.goToDoubt(1)
    assert.equal(store.state.chosen?.word, 1)
    store.update({ current: 2 })
    selection.goToDoubt(1)
    assert.match(said.at(-1) ?? '', /No word/)
  })
})
