import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inVisualOrder } from './visual-order.ts'

/** Words with the left edges of their boxes. */
const words = (...placed: ReadonlyArray<readonly [text: string, x: number]>) =>
  placed.map(([text, x]) => ({ text, confidence: 1, box: { x, y: 0, width: 10, height: 10 } }))

const visual = (...placed: ReadonlyArray<readonly [text: string, x: number]>) =>
  inVisualOrder(words(...placed)).map(({ text }) => text)

describe('inVisualOrder', () => {
  it('leaves a line as it is that has nothing written from right to left', () => {
    assert.deepEqual(visual(['one', 50], ['日本', 0]), ['one', '日本'])
  })

  it('turns a Hebrew line around, words and letters', () => {
    assert.deepEqual(visual(['שלום', 50], ['עולם', 0]), ['םלוע', 'םולש'])
  })

  it('keeps the order of Latin words and numbers among Arabic ones', () => {
    const line = visual(['عام', 90], ['2024', 60], ['Latin', 30], ['٢٠', 0])
    assert.deepEqual(line, ['٢٠', 'Latin', '2024', 'ماع'])
  })

  it('keeps a number within a word', () => {
    assert.deepEqual(visual(['ב-12.50', 0]), ['12.50-ב'])
  })

  it('does not split characters beyond the first 65,536', () => {
    assert.deepEqual(visual(['א😀', 0]), ['😀א'])
  })
})
