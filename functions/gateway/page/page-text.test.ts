import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pageOf } from './fixtures/pages.ts'
import { layoutText, type PageText, readingText, wordsIn } from './page-text.ts'
import { wordsOfPage } from './words.ts'

const partsOf = ({ text, spans }: PageText) => spans.map(({ start, end }) => text.slice(start, end))

const invoice = pageOf([
  [
    ['Invoice', 0, 0],
    ['2041', 80, 0],
  ],
  [['14.03.', 400, 0]],
  [
    ['2', 20, 60],
    ['Tomato', 50, 60],
    ['6.40', 400, 60],
  ],
])

describe('the text in reading order', () => {
  it('is the text of the gateway, and knows where its words are', () => {
    const { text, spans } = readingText(invoice)
    assert.equal(text, invoice.text)
    assert.deepEqual(partsOf({ text, spans }), ['Invoice', '2041', '14.03.', '2', 'Tomato', '6.40'])
  })

  it('tells a word from the same one before it', () => {
    const page = pageOf([
      [
        ['a', 0, 0],
        ['ab', 20, 0],
        ['a', 50, 0],
      ],
    ])
    assert.deepEqual(
      readingText(page).spans.map(({ start }) => start),
      [0, 2, 5],
    )
  })

  it('has an empty span for a word that its text does not have', () => {
    const { spans } = readingText({ ...invoice, text: 'Invoice 14.03.' })
    assert.equal(spans.length, 6)
    assert.equal(spans[1]?.start, spans[1]?.end)
    assert.deepEqual(spans[2], { start: 8, end: 14 })
  })
})

describe('the text in its layout', () => {
  it('keeps columns beside each other, gaps and empty lines', () => {
    assert.equal(
      layoutText(invoice).text,
      [
        'Invoice 2041                            14.03.',
        '  2  Tomato                             6.40',
      ].join('\n'),
    )
  })

  it('knows where the words are, by their place in reading order', () => {
    const words = wordsOfPage(invoice).map(({ text }) => text)
    assert.deepEqual(partsOf(layoutText(invoice)), words)
  })

  it('has a single space between words of a line, however wide their characters are', () => {
    const page = pageOf([
      [
        ['mmmm', 0, 0],
        ['il', 53, 0],
        ['end', 88, 0],
      ],
    ])
    assert.equal(layoutText(page).text, 'mmmm il end')
  })

  it('has at most two empty lines for a gap of any height', () => {
    const lines = [0, 30, 60, 90, 5000].map((y) => [['word', 0, y]] as [string, number, number][])
    assert.match(layoutText(pageOf(lines)).text, /word\nword\nword\nword\n\n\nword$/)
  })

  it('has lines in one row only where their words are beside each other', () => {
    const skewed = pageOf([[['first', 0, 0]], [['second', 20, 8]]])
    assert.equal(layoutText(skewed).text, 'first\n  second')
  })

  it('is empty for a page without words', () => {
    assert.deepEqual(layoutText(pageOf([])), { text: '', spans: [] })
  })
})

describe('words in a part of the text', () => {
  it('are those of which any character is in it', () => {
    const text = readingText(invoice)
    const from = text.text.indexOf('voice')
    assert.deepEqual([...wordsIn(text, [{ start: from, end: from + 7 }])], [0, 1])
    assert.deepEqual([...wordsIn(text, [])], [])
    assert.deepEqual([...wordsIn(undefined, [{ start: 0, end: 1 }])], [])
  })
})
