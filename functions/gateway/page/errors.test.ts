import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { errorKinds, errorTable } from '../../contract/errors.ts'
import { Failure, failureOf, stepFor, toFailure } from './errors.ts'

const problem = {
  type: 'about:blank',
  title: 'The service is busy',
  status: 429,
  detail: 'Try again.',
  code: 'overloaded',
  requestId: 'r1',
}

describe('a failure', () => {
  it('is told in the words of the gateway', async () => {
    const headers = { 'retry-after': '7' }
    const failure = await failureOf(Response.json(problem, { status: 429, headers }))
    const { type: _type, ...told } = problem
    assert.deepEqual(failure.options, { ...told, retryAfterSeconds: 7 })
  })

  for (const [name, body] of [
    ['a page of a proxy', '<html>Bad gateway</html>'],
    ['JSON of another form', '{"title":1}'],
    ['nothing', ''],
  ] as const) {
    it(`is told by its status when the answer is ${name}`, async () => {
      const failure = await failureOf(new Response(body, { status: 502 }))
      assert.match(failure.options.detail, /502/)
      assert.equal(stepFor(failure.options).remedy, 'again')
    })
  }

  it('has no seconds to wait for that are no number', async () => {
    const headers = { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }
    const failure = await failureOf(Response.json(problem, { status: 503, headers }))
    assert.equal(failure.options.retryAfterSeconds, undefined)
  })

  it('stays what it is, and anything else is a connection that failed', () => {
    const failure = new Failure({ title: 'a', detail: 'b' })
    assert.equal(toFailure(failure), failure)
    const other = toFailure(new TypeError('Failed to fetch'))
    assert.match(other.options.title, /cannot be reached/)
    assert.equal(stepFor(other.options).remedy, 'again')
  })
})

describe('what to do next', () => {
  // Of a client that has gone nobody reads an answer.
  for (const kind of errorKinds.filter((kind) => kind !== 'client_gone')) {
    it(`is to wait for ${kind}, or not, as the error table has it`, () => {
      const { status, retryable } = errorTable[kind]
      const { next, remedy } = stepFor({ title: '', detail: '', code: kind, status })
      assert.notEqual(next, '')
      if (retryable && kind !== 'deadline_exceeded') assert.equal(remedy, 'again')
      else if (status < 500) assert.notEqual(remedy, 'again')
    })
  }

  it('is to enter a key where one is needed', () => {
    assert.equal(
      stepFor({ title: '', detail: '', code: 'unauthorized', status: 401 }).remedy,
      'key',
    )
  })

  it('is not taken from the prototype of the table', () => {
    const { remedy } = stepFor({ title: '', detail: '', code: 'toString', status: 400 })
    assert.equal(remedy, 'choose')
  })
})
