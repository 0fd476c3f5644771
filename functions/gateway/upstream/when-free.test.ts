import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ErrorKind, OcrError } from '../../contract/errors.ts'
import { whenTheModelIsFree } from './when-free.ts'

const { signal: never } = new AbortController()

const failure = (kind: ErrorKind, retryAfterSeconds = 0.001) =>
  new OcrError(kind, 'Not now.', { retryAfterSeconds })

/** Work that fails by these errors, one after the other, before it is done. */
function workAfter(...errors: unknown[]) {
  const left = [...errors]
  const work = async () => {
    if (left.length > 0) throw left.shift()
    return 'read'
  }
  return { work, left }
}

describe('what waits until the model is free', () => {
  it('is done once it is', async () => {
    const passing = ['overloaded', 'model_unavailable', 'engine_unavailable', 'not_ready'] as const
    const { work } = workAfter(...passing.map((kind) => failure(kind)))
    assert.equal(await whenTheModelIsFree(work, never), 'read')
  })

  it('is not tried again after what does not pass', async () => {
    for (const error of [failure('undecodable_image'), new Error('of ours')]) {
      const { work, left } = workAfter(error, failure('overloaded'))
      await assert.rejects(whenTheModelIsFree(work, never), (thrown) => thrown === error)
      assert.equal(left.length, 1)
    }
  })

  it('waits for as long as it is told, but for up to a half that is left to chance', async () => {
    const start = performance.now()
    await whenTheModelIsFree(workAfter(failure('overloaded', 0.08)).work, never)
    const tookMs = performance.now() - start
    assert.ok(tookMs >= 39 && tookMs < 1_000, `${tookMs} ms`)
  })

  it('no longer waits when nobody does', async () => {
    const controller = new AbortController()
    const waiting = whenTheModelIsFree(workAfter(failure('overloaded', 60)).work, controller.signal)
    const gone = failure('client_gone')
    setImmediate(() => controller.abort(gone))
    await assert.rejects(waiting, (thrown) => thrown === gone)
  })
})
