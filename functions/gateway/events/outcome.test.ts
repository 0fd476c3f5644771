import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ErrorKind, errorKinds, OcrError } from '../../contract/errors.ts'
import { bytesOf, isPermanent, outcomeOf } from './outcome.ts'
import type { OutgoingEvent } from './outgoing-event.ts'

const event: OutgoingEvent = {
  id: '1',
  source: '/ocr',
  type: 'result',
  time: '2026-11-27T00:00:00Z',
  data: '{"text":"Hello"}',
  extensions: {},
}
const failedEvent = { ...event, type: 'failed' }

/** What reading comes to that throws this, and what was told of it. */
function endOf(thrown: unknown, isLast?: (error: OcrError) => boolean) {
  const told: OcrError[] = []
  const outcome = outcomeOf({
    read: () => Promise.reject(thrown),
    failed: () => failedEvent,
    onError: (error) => void told.push(error),
    ...(isLast && { isLast }),
  })
  return { outcome, told }
}

const kindsThat = (isSo: (error: OcrError) => boolean): ErrorKind[] =>
  errorKinds.filter((kind) => isSo(new OcrError(kind, 'It failed.')))

describe('the outcome of a document', () => {
  it('is what was read', async () => {
    const outcome = await outcomeOf({
      read: async () => ({ event, isFinal: false }),
      failed: assert.fail,
      onError: assert.fail,
    })
    assert.deepEqual(outcome, { event, isFinal: false })
    assert.equal(bytesOf(outcome), 2 * event.data.length)
  })

  it('is a failure when nobody will try again, without the cause of it', async () => {
    const error = new OcrError('undecodable_image', 'Broken.', { cause: new Error('libvips') })
    const { outcome, told } = endOf(error)
    const { error: kept, ...others } = await outcome
    assert.deepEqual(others, { event: failedEvent, isFinal: true })
    assert.deepEqual([kept?.kind, kept?.message, kept?.cause], [error.kind, 'Broken.', undefined])
    assert.deepEqual(told, [error])
  })

  it('is not final while somebody may mend it', async () => {
    for (const kind of ['reference_refused', 'unknown_language'] as const) {
      const { isFinal } = await endOf(new OcrError(kind, 'Not there.')).outcome
      assert.equal(isFinal, false)
    }
  })

  it('is none after what may pass, and after what was not foreseen', async () => {
    for (const thrown of [new OcrError('overloaded', 'Busy.'), new TypeError('of ours')]) {
      const { outcome, told } = endOf(thrown)
      await assert.rejects(outcome, OcrError)
      assert.deepEqual(told, [])
    }
    assert.ok(kindsThat(isPermanent).includes('too_many_pages'))
    for (const kind of ['internal', 'model_unavailable', 'overloaded'] as const) {
      assert.ok(!kindsThat(isPermanent).includes(kind))
    }
  })

  it('is a failure, whatever it is, where nothing is sent again', async () => {
    const { outcome } = endOf(new OcrError('overloaded', 'Busy.'), () => true)
    assert.equal((await outcome).error?.kind, 'overloaded')
  })
})
