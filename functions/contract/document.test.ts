import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { documentOfPages, failedPage } from './document.ts'
import { OcrError } from './errors.ts'
import { blocksOf, document, page, word } from './formats/fixtures/document.ts'
import { documentSchema } from './ocr.ts'

const rest = { ...document([]), pageCount: 9 }
const first = page({ number: 2, text: 'one', blocks: blocksOf(word('one', 0, 0.5)) })
const second = page({
  number: 5,
  text: 'two three',
  blocks: blocksOf(word('two', 0, 0.9), word('three', 50, 0.7)),
})
const damaged = failedPage(3, 6, new OcrError('undecodable_image', 'The image is damaged.'))

describe('documentOfPages', () => {
  it('has the text of the pages with a form feed between them', () => {
    assert.equal(documentOfPages([first, second], rest).text, 'one\n\ftwo three')
  })

  it('means over all words alike, and not over the pages', () => {
    const { confidence, quality } = documentOfPages([first, second], rest)
    assert.equal(confidence, 0.7)
    assert.deepEqual(quality, { words: 3, uncertainWords: 1, lowestDecile: 0.5 })
  })

  it('is complete when no page has failed', () => {
    assert.equal(documentOfPages([first, second], rest).complete, true)
    const { complete, text } = documentOfPages([first, damaged, second], rest)
    assert.equal(complete, false)
    assert.equal(text, 'one\n\f\n\ftwo three')
  })

  it('takes what does not follow from pages as it is, and nothing else', () => {
    const warnings = [{ code: 'no_text', message: 'No text was found.', page: 2 }]
    const made = documentOfPages([first], { ...rest, warnings })
    assert.deepEqual(made, {
      text: 'one',
      confidence: 0.5,
      quality: { words: 1, uncertainWords: 1, lowestDecile: 0.5 },
      complete: true,
      pageCount: 9,
      pages: [first],
      engine: rest.engine,
      warnings,
    })
  })
})

describe('failedPage', () => {
  it('says why the page is not there, and is a page all the same', () => {
    const { pages } = documentSchema.parse(documentOfPages([damaged], rest))
    assert.deepEqual(pages, [damaged])
    assert.partialDeepStrictEqual(damaged, {
      number: 3,
      psm: 6,
      text: '',
      blocks: [],
      error: { code: 'undecodable_image', message: 'The image is damaged.' },
    })
  })

  it('holds nothing of the cause, which is for the log', () => {
    const error = new OcrError('engine_crashed', 'Failed.', { cause: new Error('/tmp/secret') })
    assert.doesNotMatch(JSON.stringify(failedPage(1, 3, error)), /secret/)
  })
})
