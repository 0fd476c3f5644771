import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  abortReason,
  atIndex,
  type ErrorKind,
  errorTable,
  isErrorKind,
  OcrError,
  toOcrError,
} from './errors.ts'

describe('errorTable', () => {
  it('gives every kind an error status and a title', () => {
    for (const [kind, row] of Object.entries(errorTable)) {
      assert.match(kind, /^[a-z_]+$/)
      assert.ok(row.status >= 400 && row.status < 600, kind)
      assert.ok(row.title.length > 0, kind)
    }
  })

  it('gives the faults of clients to gRPC as such, and retries only what may pass', () => {
    const codes = (kind: ErrorKind) => errorTable[kind].grpc
    assert.equal(codes('invalid_request'), 'INVALID_ARGUMENT')
    assert.equal(codes('model_not_found'), 'NOT_FOUND')
    assert.equal(codes('not_ready'), 'UNAVAILABLE')
    assert.equal(codes('internal'), 'INTERNAL')
    assert.equal(new OcrError('deadline_exceeded', 'Late.').grpcCode, 4)
    for (const { grpc, retryable } of Object.values(errorTable)) {
      if (grpc === 'UNAVAILABLE') assert.equal(retryable, true)
    }
  })

  it('knows its kinds and no inherited name', () => {
    assert.equal(isErrorKind('overloaded'), true)
    assert.equal(isErrorKind('toString'), false)
    assert.equal(isErrorKind(undefined), false)
  })
})

describe('toOcrError', () => {
  it('leaves an OcrError as it is', () => {
    const error = new OcrError('not_ready', 'Wait.')
    assert.equal(toOcrError(error), error)
    assert.equal(error.status, 503)
  })

  it('says nothing of an unexpected error, but keeps it as the cause', () => {
    const cause = new Error('ENOENT: /etc/secret')
    const error = toOcrError(cause)
    assert.equal(error.kind, 'internal')
    assert.doesNotMatch(error.message, /secret/)
    assert.equal(error.cause, cause)
  })
})

describe('abortReason', () => {
  it('leaves a reason of ours as it is', () => {
    const error = new OcrError('deadline_exceeded', 'Late.')
    assert.equal(abortReason(error), error)
  })

  it('takes any other reason for a client that hung up', () => {
    assert.equal(abortReason(AbortSignal.abort().reason).kind, 'client_gone')
    assert.equal(abortReason('Client connection closed').kind, 'client_gone')
  })
})

describe('atIndex', () => {
  it('keeps everything of an error but its message', () => {
    const cause = new Error('why')
    const error = new OcrError('overloaded', 'Busy.', { cause, retryAfterSeconds: 3 })
    const indexed = atIndex(error, 2, 3) as OcrError
    assert.deepEqual(
      [indexed.kind, indexed.message, indexed.cause, indexed.retryAfterSeconds],
      ['overloaded', 'At index 2 of the batch: Busy.', cause, 3],
    )
  })

  it('leaves errors that are not ours, and those of a single image, as they are', () => {
    const error = new Error('other')
    assert.equal(atIndex(error, 0, 2), error)
    const ours = new OcrError('not_ready', 'Wait.')
    assert.equal(atIndex(ours, 0, 1), ours)
  })
})
