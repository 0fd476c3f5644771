import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { problemSchema } from '../contract/answers.ts'
import { errorKinds, OcrError } from '../contract/errors.ts'
import { describeError, problemOf } from './problem.ts'

const busy = new OcrError('overloaded', 'Come back later.')
const problem = {
  type: 'urn:ocr:problem:overloaded',
  title: 'The service is busy',
  status: 429,
  detail: 'Come back later.',
  code: 'overloaded',
}

describe('problemOf', () => {
  it('has the members of RFC 9457, a stable code and the id of the request', () => {
    assert.deepEqual(problemOf(busy, 'r1'), { ...problem, requestId: 'r1' })
  })

  it('has no id where there was no whole request', () => {
    assert.deepEqual(problemOf(busy), problem)
  })

  it('is as the contract says, for every kind of error', () => {
    for (const kind of errorKinds) {
      const told = problemOf(new OcrError(kind, 'So it is.'), 'r1')
      assert.deepEqual(problemSchema.parse(told), told)
    }
  })

  it('holds nothing of the cause, which is for the log', () => {
    const error = new OcrError('internal', 'Failed.', { cause: new Error('/tmp/secret') })
    assert.doesNotMatch(JSON.stringify(problemOf(error)), /secret|stack/)
  })
})

describe('describeError', () => {
  it('is the problem under its media type', () => {
    assert.deepEqual(describeError(busy, 'r1'), {
      contentType: 'application/problem+json',
      body: { ...problem, requestId: 'r1' },
    })
  })

  it('tells by its header that a key is to be sent', () => {
    const { headers } = describeError(new OcrError('unauthorized', 'Send a key.'))
    assert.deepEqual(headers, { 'WWW-Authenticate': 'Bearer' })
  })
})
