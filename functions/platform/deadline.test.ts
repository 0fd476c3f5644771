import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { OcrError } from '../contract/errors.ts'
import { createDeadline } from './deadline.ts'

const { signal: never } = new AbortController()

describe('a deadline', () => {
  it('aborts with deadline_exceeded when its time is over', async () => {
    using deadline = createDeadline('Reading', 10, never)
    await once(deadline.signal, 'abort')
    assert.equal(deadline.signal.reason.kind, 'deadline_exceeded')
    assert.equal(deadline.signal.reason.message, 'Reading took longer than 0.01 s.')
  })

  it('aborts for the reason of the outer signal, before and after it is made', () => {
    const outer = new AbortController()
    using deadline = createDeadline('Reading', 10_000, outer.signal)
    const reason = new OcrError('not_ready', 'Stopping.')
    outer.abort(reason)
    assert.equal(deadline.signal.reason, reason)
    using late = createDeadline('Reading', 10_000, outer.signal)
    assert.equal(late.signal.reason, reason)
  })

  it('says that the client is gone when the outer signal has no reason of ours', () => {
    using deadline = createDeadline('Reading', 10_000, AbortSignal.abort('closed'))
    assert.equal(deadline.signal.reason.kind, 'client_gone')
  })

  it('does not fire once it is disposed of', async () => {
    const deadline = createDeadline('Reading', 5, never)
    deadline[Symbol.dispose]()
    await new Promise((resolve) => setTimeout(resolve, 20))
    assert.equal(deadline.signal.aborted, false)
  })
})
