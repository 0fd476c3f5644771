import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { errors } from 'undici'
import { OcrError } from '../../contract/errors.ts'
import { brokenCall, modelError, NotTakenError, namedKind, proxyError } from './upstream-error.ts'

describe('proxyError', () => {
  for (const [status, kind] of [
    [302, 'bad_upstream'],
    [404, 'bad_upstream'],
    [429, 'overloaded'],
    [500, 'bad_upstream'],
    [502, 'bad_upstream'],
    [503, 'model_unavailable'],
    [504, 'deadline_exceeded'],
  ] as const) {
    it(`takes ${status} for ${kind}`, () => assert.equal(proxyError(status, {}).kind, kind))
  }

  it('lets nothing but a 503 be sent again', () => {
    const again = [429, 500, 502, 503, 504].filter(
      (status) => proxyError(status, {}) instanceof NotTakenError,
    )
    assert.deepEqual(again, [503])
  })

  it('tells to come back in a second when a 503 does not say when', () => {
    assert.equal(proxyError(503, {}).retryAfterSeconds, 1)
    assert.equal(proxyError(503, { 'retry-after': '9' }).retryAfterSeconds, 9)
  })
})

describe('modelError', () => {
  it("has the model's words", () => {
    const error = modelError('too_many_pages', '{"error":"No more than 100."}', {})
    assert.equal(error.kind, 'too_many_pages')
    assert.equal(error.message, 'No more than 100.')
  })

  for (const text of ['', 'no JSON', 'null', '{"error":{"code":1}}', '[]']) {
    it(`has words of ours where the model has none: ${text}`, () => {
      assert.equal(modelError('internal', text, {}).message, 'The model refused the request.')
    })
  }

  it('lets a request be sent again that a model refused because it starts or stops', () => {
    assert.ok(modelError('not_ready', '{}', {}) instanceof NotTakenError)
    assert.ok(modelError('engine_unavailable', '{}', {}) instanceof NotTakenError)
    assert.ok(!(modelError('overloaded', '{}', {}) instanceof NotTakenError))
    assert.ok(!(modelError('deadline_exceeded', '{}', {}) instanceof NotTakenError))
  })
})

describe('namedKind', () => {
  it('is the kind of the header, unless there is none or it tells of a wrong URL', () => {
    assert.equal(namedKind({ 'ocr-error-kind': 'engine_crashed' }), 'engine_crashed')
    assert.equal(namedKind({ 'ocr-error-kind': 'model_not_found' }), undefined)
    assert.equal(namedKind({ 'ocr-error-kind': 'constructor' }), undefined)
    assert.equal(namedKind({}), undefined)
  })
})

describe('brokenCall', () => {
  it('leaves errors alone that are ours', () => {
    const ours = new OcrError('overloaded', 'Busy.')
    const mistake = new errors.InvalidArgumentError('invalid header')
    assert.equal(brokenCall(ours, 1), ours)
    assert.equal(brokenCall(mistake, 1), mistake)
  })

  it('says that a model is unavailable that broke off, and not that the request may be sent again', () => {
    const error = brokenCall(new Error('ECONNRESET'), 1)
    assert.ok(error instanceof OcrError && !(error instanceof NotTakenError))
    assert.equal(error.kind, 'model_unavailable')
    assert.equal(error.retryAfterSeconds, 1)
  })
})
