import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import sharp from 'sharp'
import type { Block } from '../contract/ocr.ts'
import type { DecodedImage } from './image/decode.ts'
import { documentOf } from './result.ts'

const engine = { name: 'tesseract', version: '5', lang: 'eng', psm: 3 }
const box = { x: 11, y: 21, width: 31, height: 9 }
const block = (...texts: string[]): Block => ({
  box,
  paragraphs: [
    { box, lines: [{ box, words: texts.map((text) => ({ text, confidence: 0.8, box })) }] },
  ],
})

function documentFor(blocks: Block[], { scaleX = 1, scaleY = 1, pages = 1 } = {}) {
  const image: DecodedImage = {
    pixels: sharp({ create: { width: 1, height: 1, channels: 3, background: 'white' } }),
    width: 300,
    height: 200,
    isGray: true,
    hasAlpha: false,
    density: undefined,
    pages,
  }
  const pageImage = { width: 300 / scaleX, height: 200 / scaleY, scaleX, scaleY }
  return documentOf({ blocks, image, pageImage, engine })
}

describe('documentOf', () => {
  it('has the text, the confidence and the size of the upright original', () => {
    const document = documentFor([block('one', 'two')])
    assert.equal(document.text, 'one two')
    assert.equal(document.confidence, 0.8)
    const [page] = document.pages
    assert.deepEqual([page?.number, page?.width, page?.height], [1, 300, 200])
    assert.deepEqual(document.warnings, [])
    assert.deepEqual(document.engine, engine)
  })

  it('measures boxes in pixels of the original when the page was scaled down', () => {
    const { pages, warnings } = documentFor([block('one')], { scaleX: 2.5, scaleY: 2 })
    assert.deepEqual(pages[0]?.blocks[0]?.box, { x: 28, y: 42, width: 77, height: 18 })
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ['scaled_down'],
    )
  })

  it('leaves blank words out of the tree and warns when nothing else is there', () => {
    const document = documentFor([block(' ')])
    assert.deepEqual(document.pages[0]?.blocks, [])
    assert.deepEqual([document.text, document.confidence], ['', 0])
    assert.deepEqual(document.warnings, [
      { code: 'no_text', message: 'No text was found on the page.', page: 1 },
    ])
  })

  it('says that only the first page was read', () => {
    const [warning] = documentFor([block('one')], { pages: 3 }).warnings
    assert.equal(warning?.code, 'first_page_only')
  })
})
