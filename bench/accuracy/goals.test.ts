import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { missedGoals } from './goals.ts'

describe('missedGoals', () => {
  const check = (f1: Record<string, number>, bestMs = 200) =>
    missedGoals(['letters'], (contender) => ({
      f1: f1[contender] ?? 0,
      cer: 0,
      ms: contender === 'best' ? bestMs : 100,
    }))

  it('are none when every profile keeps to them', () => {
    assert.deepEqual(check({ plain: 0.9, fast: 0.8951, best: 0.9301 }, 300), [])
  })

  it('tell a profile that is worse than plain tesseract, gains too little or takes too long', () => {
    assert.deepEqual(check({ plain: 0.9, fast: 0.8949, best: 0.9299 }, 301), [
      'fast is below plain tesseract in the class "letters"',
      'best gains 3.0 points of F1, not 3',
      'best takes 3.01 times as long as fast',
    ])
  })
})
