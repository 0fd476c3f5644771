import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createAnswerMemory, shortBytes } from './answer-memory.ts'

describe('the memory for answers', () => {
  it('is taken by long ones up to its limit, and not by one byte more', () => {
    const answers = createAnswerMemory({ limitBytes: 2 * shortBytes + 2 })
    const [one, two] = [answers.open(), answers.open()]
    one.hold(shortBytes + 1)
    two.hold(shortBytes + 1)
    assert.throws(() => two.hold(shortBytes + 2), {
      kind: 'overloaded',
      message: 'The service holds too many long answers; send the request again later.',
      retryAfterSeconds: 2,
    })
    assert.equal(answers.heldBytes, answers.limitBytes)
    one[Symbol.dispose]()
    assert.equal(answers.heldBytes, shortBytes + 1)
    two.hold(shortBytes + 2)
  })

  it('is not asked for short ones', () => {
    const answers = createAnswerMemory({ limitBytes: 1 })
    for (let count = 0; count < 10; count++) answers.open().hold(shortBytes)
    assert.throws(() => answers.open().hold(shortBytes + 1), { kind: 'overloaded' })
  })
})
