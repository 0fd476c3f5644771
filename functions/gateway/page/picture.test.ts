import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pageOf } from './fixtures/pages.ts'
import { pictureOf, showsPage } from './picture.ts'

const sent = { mediaType: 'image/jpeg', width: 30, height: 40, data: btoa('bytes') }

describe('a picture of a page', () => {
  it('gets an address, with its size', () => {
    const picture = pictureOf(sent)
    assert.match(picture?.url ?? '', /^blob:/)
    assert.deepEqual([picture?.width, picture?.height], [30, 40])
    URL.revokeObjectURL(picture?.url ?? '')
  })

  it('is none when it is of another type or no base64', () => {
    assert.equal(pictureOf({ ...sent, mediaType: 'image/svg+xml' }), undefined)
    assert.equal(pictureOf({ ...sent, mediaType: 'text/html' }), undefined)
    assert.equal(pictureOf({ ...sent, data: '*' }), undefined)
  })
})

describe('the file itself', () => {
  const size = { width: 600, height: 800 }
  const orientation = { confidence: 9, script: 'Latin', scriptConfidence: 9 }

  it('shows a page of its size', () => {
    assert.ok(showsPage(size, pageOf([])))
    assert.ok(showsPage(size, pageOf([], { orientation: { ...orientation, rotated: 0 } })))
  })

  it('does not show one that was scaled or turned', () => {
    assert.ok(!showsPage({ width: 1200, height: 1600 }, pageOf([])))
    assert.ok(!showsPage({ width: 800, height: 600 }, pageOf([])))
    assert.ok(!showsPage(size, pageOf([], { orientation: { ...orientation, rotated: 180 } })))
  })
})
