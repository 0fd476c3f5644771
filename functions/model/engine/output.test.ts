import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isPageOf, PendingOutput, pageEnd } from './output.ts'

describe('what an engine has written', () => {
  it('is taken once the mark is its end, however it came in pieces', () => {
    for (let size = 1; size <= 4; size++) {
      const output = new PendingOutput()
      const written = Buffer.concat([Buffer.from('page'), pageEnd])
      for (let start = 0; start < written.length; start += size) {
        assert.equal(output.takeUpTo(pageEnd), undefined)
        output.add(written.subarray(start, start + size))
      }
      assert.deepEqual(output.takeUpTo(pageEnd), written)
      assert.equal(output.bytes, 0)
    }
  })

  it('is not taken while something follows the mark', () => {
    const output = new PendingOutput()
    output.add(Buffer.concat([pageEnd, Buffer.from('more')]))
    assert.equal(output.takeUpTo(pageEnd), undefined)
    assert.equal(output.bytes, pageEnd.length + 4)
  })

  it('is the page of a file if it is one page, and of that file', () => {
    const page = (path: string) => Buffer.from(`<div title='image "${path}"'>${pageEnd}`)
    assert.ok(isPageOf('/a.tif', page('/a.tif')))
    assert.ok(!isPageOf('/a.tif', page('/b.tif')))
    assert.ok(!isPageOf('/a.tif', Buffer.concat([page('/b.tif'), page('/a.tif')])))
  })
})
