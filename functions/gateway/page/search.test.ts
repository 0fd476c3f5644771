import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { countText, findAll, findInPages, firstMatch, maxMatches, stepMatch } from './search.ts'

describe('a search', () => {
  const found = (text: string, query: string) =>
    findAll(text, query).map(({ start, end }) => text.slice(start, end))

  it('finds a text whatever its case', () => {
    assert.deepEqual(found('Seeds, seeds and SEEDS', 'sEEds'), ['Seeds', 'seeds', 'SEEDS'])
  })

  it('goes over the end of a line and over wide gaps', () => {
    assert.deepEqual(found('left our\nstore, our    store', ' our  store '), [
      'our\nstore',
      'our    store',
    ])
  })

  it('takes every character for itself', () => {
    const query = String.raw`[a](b)*+?.^$|{1}\/-`
    assert.deepEqual(found(`x ${query} y`, query), [query])
    assert.deepEqual(found('abc', '.'), [])
  })

  it('finds nothing by white space alone', () => {
    assert.deepEqual(found('a b', '  '), [])
    assert.deepEqual(found('a b', ''), [])
  })

  it('ends at its limit', () => {
    assert.equal(findAll('e'.repeat(maxMatches), 'e').length, maxMatches)
    assert.equal(findAll('e'.repeat(maxMatches + 1), 'e').length, maxMatches)
  })

  it('goes through the pages in their order', () => {
    const pages = [
      { number: 2, text: 'one two' },
      { number: 5, text: 'two' },
    ]
    assert.deepEqual(findInPages(pages, 'two'), [
      { page: 2, start: 4, end: 7 },
      { page: 5, start: 0, end: 3 },
    ])
  })
})

describe('matches', () => {
  const matches = [1, 3, 3].map((page) => ({ page, start: 0, end: 1 }))

  it('begin on the page that is shown, behind it, or at the beginning', () => {
    assert.equal(firstMatch(matches, 1), 0)
    assert.equal(firstMatch(matches, 2), 1)
    assert.equal(firstMatch(matches, 4), 0)
    assert.equal(firstMatch([], 1), 0)
  })

  it('are gone through around their ends', () => {
    assert.equal(stepMatch(2, 3, 1), 0)
    assert.equal(stepMatch(0, 3, -1), 2)
    assert.equal(stepMatch(0, 0, 1), 0)
  })

  it('are counted in words', () => {
    assert.equal(countText({ query: 'a', matches, match: 1 }), '2 of 3')
    assert.equal(countText({ query: 'a', matches: [], match: 0 }), 'none')
    assert.equal(countText({ query: ' ', matches: [], match: 0 }), '')
  })
})
