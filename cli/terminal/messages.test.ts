import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { OcrApiError } from '../client.ts'
import { lineOf, messageOf } from './messages.ts'

describe('messageOf', () => {
  const failure = (status: number) =>
    new OcrApiError('internal', 'Its log tells.', { title: 'It failed', status, requestId: 'r1' })

  it('has the code, and the request where the gateway is at fault', () => {
    assert.equal(messageOf(failure(500)), 'Its log tells. (internal, request r1)')
    assert.equal(messageOf(failure(422)), 'Its log tells. (internal)')
  })

  it('has no code where there was no answer', () => {
    assert.equal(messageOf(new OcrApiError('unreachable', 'Nobody there.')), 'Nobody there.')
  })

  it('has what the system says, without code and path', () => {
    const error = new Error("EACCES: permission denied, open '/home/x'")
    assert.equal(messageOf(error), 'permission denied')
  })
})

describe('lineOf', () => {
  it('is one line that does not steer the terminal', () => {
    assert.equal(lineOf('a\u001B[2J\r\nb', 'why'), 'ocr: a [2J b: why\n')
    assert.equal(lineOf('a\u009B2Jb\u202Egnp.c\u2028d'), 'ocr: a 2Jb gnp.c d\n')
  })
})
