import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pageOf } from './fixtures/pages.ts'
import { defaultOptions } from './options.ts'
import { emptied, initialState, markedHere, shownText, started, withPage } from './state.ts'

const source = { name: 'a.png', file: new Blob(['a']) }
const page = (number: number) => pageOf([[['word', 0, 0]]], { number })

describe('the state', () => {
  it('has pages in their order, however they come', () => {
    const pages = [3, 1, 2].reduce((all, number) => withPage(all, page(number)), initialState.pages)
    assert.deepEqual([...pages.keys()], [1, 2, 3])
  })

  it('keeps a picture by its address and not in base64', () => {
    const picture = { mediaType: 'image/png', width: 1, height: 1, data: btoa('x') }
    const read = withPage(new Map(), { ...page(1), picture }).get(1)
    assert.match(read?.picture?.url ?? '', /^blob:/)
    assert.ok(!JSON.stringify(read?.page).includes(picture.data))
    URL.revokeObjectURL(read?.picture?.url ?? '')
  })

  it('keeps what somebody has set when another document begins, and forgets the last one', () => {
    const set = { options: { ...defaultOptions, psm: '6' }, key: 'k', threshold: 0.5 }
    const before = { ...initialState, ...set, pages: withPage(new Map(), page(1)), current: 4 }
    const state = { ...before, ...started(source, set.options) }
    assert.equal(state.phase, 'reading')
    assert.deepEqual([state.key, state.threshold, state.asked.psm], ['k', 0.5, '6'])
    assert.deepEqual([state.pages.size, state.current], [0, 1])
    const empty = { ...state, ...emptied() }
    assert.deepEqual([empty.phase, empty.source, empty.key], ['empty', undefined, 'k'])
  })

  it('marks the word under the pointer before the one that is chosen, on the page that is shown', () => {
    const chosen = { page: 1, word: 7, by: 'key' } as const
    const state = { ...initialState, chosen }
    assert.equal(markedHere(state), 7)
    assert.equal(markedHere({ ...state, hovered: { page: 1, word: 2 } }), 2)
    assert.equal(markedHere({ ...state, current: 2 }), undefined)
  })

  it('shows the text of a page as it is to be arranged', () => {
    const state = { ...initialState, pages: withPage(new Map(), page(1)) }
    assert.equal(shownText(state), state.pages.get(1)?.texts.reading)
    const other = { ...state, arrangement: 'layout' as const }
    assert.equal(shownText(other), state.pages.get(1)?.texts.layout)
    assert.equal(shownText({ ...state, current: 2 }), undefined)
  })
})
