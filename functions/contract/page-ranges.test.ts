import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parsePageRanges, selectPages } from './page-ranges.ts'

describe('parsePageRanges', () => {
  for (const text of ['1', '1-3', '2-', '1-3, 7,10-', Array(32).fill('1').join()]) {
    it(`takes ${text}`, () => assert.ok(parsePageRanges(text)))
  }

  for (const text of ['', '0', '-1', '3-1', 'a', '1,', '1..3', '1e3', '1-2-3', '9999999']) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(parsePageRanges(text), undefined))
  }

  it('refuses more ranges than allowed', () => {
    assert.equal(parsePageRanges(Array(33).fill('1').join()), undefined)
  })
})

describe('selectPages', () => {
  it('is every page when none is named', () =>
    assert.deepEqual(selectPages(undefined, 3, 9), [1, 2, 3]))

  it('is each page once, in the order of the document', () => {
    assert.deepEqual(selectPages('5-,2,1-2', 6, 9), [1, 2, 5, 6])
  })

  it('lets a range end beyond the document, but not begin there', () => {
    assert.deepEqual(selectPages('2-9', 3, 9), [2, 3])
    assert.throws(() => selectPages('1,4-9', 3, 9), {
      kind: 'invalid_request',
      message: 'The option pages asks for a page that is not there; the document has 3.',
    })
  })

  it('takes no longer for a document that claims a great many pages', () => {
    assert.deepEqual(selectPages('1,7', 1e14, 9), [1, 7])
    assert.throws(() => selectPages('3-', 1e14, 9), { kind: 'too_many_pages' })
  })

  it('takes as many pages as allowed and refuses one more', () => {
    assert.equal(selectPages(undefined, 3, 3).length, 3)
    assert.equal(selectPages('4-6', 100, 3).length, 3)
    assert.throws(() => selectPages(undefined, 4, 3), {
      kind: 'too_many_pages',
      message: /pages=1-3/,
    })
  })
})
