import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { answerError, OcrApiError, parseRetryAfter } from './api-error.ts'

describe('answerError', () => {
  const problem = { title: 'The service is busy', status: 429, detail: 'Wait.', code: 'overloaded' }

  it('has the problem, and of the headers the rest', async () => {
    const headers = { 'retry-after': '7', 'x-request-id': 'r1' }
    const error = await answerError(new Response(JSON.stringify(problem), { status: 429, headers }))
    assert.ok(error instanceof OcrApiError)
    assert.deepEqual(
      [error.message, error.code, error.status, error.requestId, error.retryAfterSeconds],
      ['Wait.', 'overloaded', 429, 'r1', 7],
    )
  })

  for (const body of ['', '<html>', 'null', '{}', '{"code":7,"detail":"x"}', '[1]', '"text"']) {
    it(`takes ${body || 'nothing'} for an answer of something else`, async () => {
      const error = await answerError(new Response(body, { status: 502 }))
      assert.deepEqual([error.code, error.status], ['unexpected_answer', 502])
    })
  }
})

describe('parseRetryAfter', () => {
  const now = Date.parse('2026-11-25T10:00:00Z')
  for (const [header, seconds] of [
    [null, undefined],
    ['0', 0],
    ['120', 120],
    ['Wed, 25 Nov 2026 10:00:30 GMT', 30],
    ['Wed, 25 Nov 2026 09:00:00 GMT', 0],
    ['soon', undefined],
  ] as const) {
    it(`reads ${header} as ${seconds}`, () => assert.equal(parseRetryAfter(header, now), seconds))
  }
})
