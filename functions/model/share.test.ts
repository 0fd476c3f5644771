import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createShare } from './share.ts'

describe('what one request may take', () => {
  it('are pictures of so many bytes together, and not one more', () => {
    const share = createShare({ size: 1, maxPdfBytes: 10 })
    share.keep(6)
    share.keep(4)
    assert.throws(() => share.keep(1), { kind: 'output_too_large', message: /10 bytes.*pages/ })
  })

  it('are pictures for which there is memory', () => {
    const held: number[] = []
    const hold = (bytes: number) => {
      if (bytes > 8) throw new Error('full')
      held.push(bytes)
    }
    const share = createShare({ size: 1, maxPdfBytes: 10, memory: { hold } })
    share.keep(5)
    share.keep(3)
    assert.deepEqual(held, [5, 8])
    assert.throws(() => share.keep(1), /full/)
  })
})
