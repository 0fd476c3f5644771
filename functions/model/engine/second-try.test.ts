import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { OcrError } from '../../contract/errors.ts'
import { withSecondTry } from './second-try.ts'

class Death extends Error {}

/** Work that throws these, one after the other, before it is done. */
function workAfter(...errors: Error[]) {
  const left = [...errors]
  const work = async () => {
    const error = left.shift()
    if (error) throw error
    return 'read'
  }
  return { work, left }
}

describe('a second try', () => {
  it('is made when the program has died', async () => {
    assert.equal(await withSecondTry(workAfter(new Death()).work, Death), 'read')
  })

  it('is the last one, and tells why', async () => {
    const death = new Death('twice')
    const { work, left } = workAfter(new Death(), death, new Death())
    await assert.rejects(withSecondTry(work, Death), { kind: 'engine_crashed', cause: death })
    assert.equal(left.length, 1)
    const failure = () => new OcrError('engine_unavailable', 'None is left.')
    const again = workAfter(new Death(), new Death())
    await assert.rejects(withSecondTry(again.work, Death, failure), { kind: 'engine_unavailable' })
  })

  it('is not made after anything else, nor is that told as a death', async () => {
    const gone = new Error('gone')
    const { work, left } = workAfter(gone, new Death())
    await assert.rejects(withSecondTry(work, Death), (thrown) => thrown === gone)
    assert.equal(left.length, 1)
    const later = workAfter(new Death(), gone)
    await assert.rejects(withSecondTry(later.work, Death), (thrown) => thrown === gone)
  })
})
