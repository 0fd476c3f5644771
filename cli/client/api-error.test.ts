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

  it('has the status of the answer where the problem tells none', async () => {
    const error = await answerError(new Response('{"code":"x","detail":"y"}', { status: 503 }))
    assert.deepEqual([error.code, error.status], ['x', 503])
  })

  it('has the problem of a body of 64 KiB, and lets go of a longer one', async () => {
    const text = JSON.stringify(problem)
    const padded = (length: number) => text.padEnd(length)
    const longest = await answerError(new Response(padded(65_536), { status: 429 }))
    assert.equal(longest.code, 'overloaded')
    const body = new Blob([padded(65_537)]).stream()
    const init = { status: 429, headers: { 'retry-after': '7', 'x-request-id': 'r1' } }
    const { code, status, retryAfterSeconds, requestId } = await answerError(
      new Response(body, init),
    )
    assert.deepEqual(
      [code, status, retryAfterSeconds, requestId],
      ['unexpected_answer', 429, 7, 'r1'],
    )
  })

  const wrong = ['', '<html>', 'null', '{}', '{"code":7,"detail":"x"}', '[1]', '"text"']
  for (const body of [...wrong, '{"code":"x","detail":"y","requestId":{}}']) {
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
