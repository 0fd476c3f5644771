import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { OcrError } from '../contract/errors.ts'
import { problemOf } from './problem.ts'

describe('problemOf', () => {
  it('has the members of RFC 9457 and a stable code', () => {
    assert.deepEqual(problemOf(new OcrError('overloaded', 'Come back later.'), 'r1'), {
      contentType: 'application/problem+json',
      body: {
        type: 'urn:ocr:problem:overloaded',
        title: 'The service is busy',
        status: 429,
        detail: 'Come back later.',
        code: 'overloaded',
        requestId: 'r1',
      },
    })
  })
})
