import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { createDeadline } from './deadline.ts'

const { signal: never } = new AbortController()

describe('a deadline', () => {
  it('aborts with deadline_exceeded when its time is over', async () => {
    using deadline = createDeadline('Reading', 10, never)
    await once(deadline.signal, 'abort')
    assert.equal(deadline.signal.reason.kind, 'deadline_exceeded')
    assert.equal(deadline.signal.reason.message, 'Reading took longer than 0.01 s.')
  })

  it('aborts with the reason of the outer signal', () => {
    const outer = new AbortController()
    using deadline = createDeadline('Reading', 10_000, outer.signal)
    outer.abort('stop')
    assert.equal(deadline.signal.reason, 'stop')
  })

  it('does not fire once it is disposed of', async () => {
    const deadline = createDeadline('Reading', 5, never)
    deadline[Symbol.dispose]()
    await new Promise((resolve) => setTimeout(resolve, 20))
    assert.equal(deadline.signal.aborted, false)
  })
})
