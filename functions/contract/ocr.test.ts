import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Block, confidenceOf, textOf, wordsOf } from './ocr.ts'

const box = { x: 0, y: 0, width: 1, height: 1 }
const word = (text: string) => ({ text, confidence: 0.9, box })
const paragraph = (...lines: string[]) => ({
  box,
  lines: lines.map((line) => ({ box, words: line.split(' ').map(word) })),
})
const blocks: Block[] = [
  { box, paragraphs: [paragraph('one two', 'three'), paragraph('four')] },
  { box, paragraphs: [paragraph('five')] },
]

describe('textOf', () => {
  it('joins words by a space and ends each paragraph with an empty line', () => {
    assert.equal(textOf(blocks), 'one two\nthree\n\nfour\n\nfive')
  })

  it('is empty without blocks', () => assert.equal(textOf([]), ''))
})

describe('confidenceOf', () => {
  it('is the mean to four digits', () => {
    assert.equal(confidenceOf([{ confidence: 1 }, { confidence: 1 }, { confidence: 0 }]), 0.6667)
  })

  it('is 0 without words', () => assert.equal(confidenceOf([]), 0))
})

describe('wordsOf', () => {
  it('lists the words in reading order', () => {
    const texts = wordsOf(blocks).map(({ text }) => text)
    assert.deepEqual(texts, ['one', 'two', 'three', 'four', 'five'])
  })
})
