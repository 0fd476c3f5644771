import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { uncertainBelow } from '../../contract/ocr.ts'
import { countByLevel, levelOf, levels, percentOf } from './confidence.ts'

describe('levels of confidence', () => {
  for (const [confidence, level] of [
    [1, 'certain'],
    [0.9, 'certain'],
    [0.8999, 'likely'],
    [0.75, 'likely'],
    [0.7499, 'doubtful'],
    [0.6, 'doubtful'],
    [0.5999, 'uncertain'],
    [0, 'uncertain'],
  ] as const) {
    it(`take ${confidence} for ${level}`, () => assert.equal(levelOf(confidence), level))
  }

  it('call a word uncertain as the gateway counts it', () => {
    const [doubtful, uncertain] = levels.slice(-2)
    assert.equal(uncertain?.name, 'uncertain')
    assert.equal(doubtful?.from, uncertainBelow)
  })

  it('are counted', () => {
    const words = [0.99, 0.95, 0.8, 0.1].map((confidence) => ({ confidence }))
    assert.deepEqual(countByLevel(words), { certain: 2, likely: 1, doubtful: 0, uncertain: 1 })
  })

  it('are not left by rounding', () => {
    assert.equal(percentOf(0.8999), 89)
    assert.equal(percentOf(0.29), 29)
    assert.equal(percentOf(1), 100)
  })
})
