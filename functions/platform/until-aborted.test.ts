import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { describe, it } from 'node:test'
import { untilAborted } from './until-aborted.ts'

const never = new Promise<never>(() => undefined)

describe('untilAborted', () => {
  it('gives what the work gives, and leaves no listener behind', async () => {
    const { signal } = new AbortController()
    assert.equal(await untilAborted(signal, Promise.resolve(7)), 7)
    assert.equal(getEventListeners(signal, 'abort').length, 0)
  })

  it('throws what the work throws', async () => {
    const error = new Error('failed')
    const { signal } = new AbortController()
    await assert.rejects(untilAborted(signal, Promise.reject(error)), error)
  })

  it('ends with the reason when the signal aborts, although the work does not notice', async () => {
    const controller = new AbortController()
    const waiting = untilAborted(controller.signal, never)
    const reason = new Error('gone')
    controller.abort(reason)
    await assert.rejects(waiting, reason)
  })

  it('ends at once when the signal had aborted before', async () => {
    const reason = new Error('gone')
    await assert.rejects(untilAborted(AbortSignal.abort(reason), never), reason)
  })
})
