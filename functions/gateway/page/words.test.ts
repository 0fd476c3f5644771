import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pageOf, wordOf } from './fixtures/pages.ts'
import { neighbourOf, nextDoubt, wordAt, wordsOfPage } from './words.ts'

const words = wordsOfPage(
  pageOf([
    [
      ['left', 0, 0],
      ['right', 300, 0],
    ],
    [
      ['below', 0, 50],
      ['under', 300, 50],
    ],
  ]),
)
const textOf = (index: number | undefined) => (index === undefined ? index : words[index]?.text)

describe('words of a page', () => {
  it('come in reading order', () => {
    assert.deepEqual(
      words.map(({ text }) => text),
      ['left', 'right', 'below', 'under'],
    )
  })

  it('are found at a point of their box, and nowhere else', () => {
    assert.equal(textOf(wordAt(words, { x: 310, y: 10 })), 'right')
    assert.equal(wordAt(words, { x: 200, y: 10 }), undefined)
    assert.equal(wordAt([], { x: 0, y: 0 }), undefined)
  })

  it('are found from nearby by a finger, the nearest first', () => {
    assert.equal(textOf(wordAt(words, { x: 10, y: 32 }, 12)), 'left')
    assert.equal(textOf(wordAt(words, { x: 10, y: 42 }, 12)), 'below')
    assert.equal(wordAt(words, { x: 10, y: 35 }, 12), undefined)
  })

  it('are found within a larger one', () => {
    const large = { ...wordOf(['frame', 0, 0]), box: { x: 0, y: 0, width: 500, height: 500 } }
    assert.equal(wordAt([large, ...words], { x: 5, y: 5 }), 1)
  })
})

describe('a key', () => {
  for (const [from, direction, to] of [
    [undefined, 'next', 'left'],
    [undefined, 'previous', 'under'],
    [0, 'next', 'right'],
    [3, 'next', undefined],
    [1, 'previous', 'left'],
    [0, 'previous', undefined],
    [1, 'down', 'under'],
    [2, 'up', 'left'],
    [0, 'up', undefined],
    [1, 'first', 'left'],
    [1, 'last', 'under'],
  ] as const) {
    it(`leads ${direction} from ${textOf(from)} to ${to}`, () => {
      assert.equal(textOf(neighbourOf(words, from, direction)), to)
    })
  }

  it('leads nowhere on a page without words', () => {
    for (const direction of ['next', 'previous', 'up', 'first', 'last'] as const) {
      assert.equal(neighbourOf([], undefined, direction), undefined)
    }
  })
})

describe('doubt', () => {
  const mixed = [0.99, 0.5, 0.99, 0.7].map((confidence, index) =>
    wordOf(['word', 50 * index, 0, confidence]),
  )

  it('is gone through in both directions, around the ends', () => {
    assert.equal(nextDoubt(mixed, undefined, 1), 1)
    assert.equal(nextDoubt(mixed, 1, 1), 3)
    assert.equal(nextDoubt(mixed, 3, 1), 1)
    assert.equal(nextDoubt(mixed, undefined, -1), 3)
    assert.equal(nextDoubt(mixed, 1, -1), 3)
  })

  it('is not found where every word is likely', () => {
    assert.equal(nextDoubt(words, 0, 1), undefined)
    assert.equal(nextDoubt([], undefined, -1), undefined)
  })
})
