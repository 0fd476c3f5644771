import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sideBySide } from './side-by-side.ts'

const { signal: never } = new AbortController()

describe('sideBySide', () => {
  it('returns the results in order, whichever is there first', async () => {
    const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms, ms))
    assert.deepEqual(await sideBySide([20, 1, 10], later, never), [20, 1, 10])
  })

  it('throws the first failure when the rest has ended, aborted by it', async () => {
    let ended = 0
    const work = async (item: string, signal: AbortSignal) => {
      if (item === 'bad') throw new Error('first')
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      await new Promise(setImmediate)
      ended++
      throw new Error('second')
    }
    await assert.rejects(sideBySide(['good', 'bad', 'good'], work, never), { message: 'first' })
    assert.equal(ended, 2)
  })
})
