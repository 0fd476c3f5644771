import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { OcrError } from '../../contract/errors.ts'
import { encodingFailure, fetchFailure, statusFailure } from './failures.ts'

describe('statusFailure', () => {
  for (const [status, kind] of [
    [301, 'reference_refused'],
    [400, 'reference_refused'],
    [407, 'reference_refused'],
    [408, 'reference_unavailable'],
    [410, 'reference_refused'],
    [425, 'reference_unavailable'],
    [429, 'reference_unavailable'],
    [499, 'reference_refused'],
    [500, 'reference_unavailable'],
    [504, 'reference_unavailable'],
  ] as const) {
    it(`is ${kind} for ${status}`, () => assert.equal(statusFailure(status).kind, kind))
  }

  for (const [retryAfter, seconds] of [
    [undefined, 5],
    ['7', 7],
    ['0', 5],
    ['soon', 5],
    [['1', '2'], 5],
  ] as const) {
    it(`has ${seconds} s to wait for a Retry-After of ${retryAfter}`, () => {
      assert.equal(statusFailure(503, retryAfter).retryAfterSeconds, seconds)
    })
  }
})

describe('encodingFailure', () => {
  for (const encoding of [undefined, '', 'identity', 'Identity', 'aws-chunked']) {
    it(`is none for ${encoding}`, () => assert.equal(encodingFailure(encoding), undefined))
  }

  for (const encoding of ['gzip', 'br', 'aws-chunked,gzip', ['identity', 'gzip']]) {
    it(`is one for ${encoding}`, () => {
      assert.equal(encodingFailure(encoding)?.kind, 'reference_refused')
    })
  }
})

describe('fetchFailure', () => {
  it('leaves ours as they are and has others as the cause', () => {
    const ours = new OcrError('overloaded', 'Full.')
    assert.equal(fetchFailure(ours), ours)
    const cause = new Error('connect ECONNREFUSED 10.0.0.1')
    const failure = fetchFailure(cause)
    assert.equal(failure.kind, 'reference_unavailable')
    assert.equal(failure.cause, cause)
    assert.doesNotMatch(failure.message, /10\.0\.0\.1/)
  })
})
