import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { textOf } from '../../contract/ocr.ts'
import { parseHocr } from './hocr.ts'

const page = (content: string) =>
  `<div class='ocr_page' title='image "/x/1.tif"; bbox 0 0 640 480; ppageno 0'>${content}</div>`

const inLine = (words: string, kind = 'ocr_line') =>
  page(`<div class='ocr_carea' title="bbox 36 92 618 361">
    <p class='ocr_par' lang='eng' title="bbox 36 92 618 184">
     <span class='${kind}' title="bbox 36 92 580 122; baseline 0 -6; x_size 30">${words}</span>
    </p></div>`)

const word = (text: string) =>
  `<span class='ocrx_word' id='word_1_1' title='bbox 36 92 96 116; x_wconf 96'>${text}</span>`

const text = (hocr: string) => textOf(parseHocr(hocr).blocks)

describe('parseHocr', () => {
  it('reads the size of the page', () => {
    const { width, height, blocks } = parseHocr(page(''))
    assert.deepEqual({ width, height, blocks }, { width: 640, height: 480, blocks: [] })
  })

  it('reads blocks, paragraphs, lines and words with their boxes and confidence', () => {
    assert.deepEqual(parseHocr(inLine(word('This'))).blocks, [
      {
        box: { x: 36, y: 92, width: 582, height: 269 },
        paragraphs: [
          {
            box: { x: 36, y: 92, width: 582, height: 92 },
            lines: [
              {
                box: { x: 36, y: 92, width: 544, height: 30 },
                words: [
                  { text: 'This', confidence: 0.96, box: { x: 36, y: 92, width: 60, height: 24 } },
                ],
              },
            ],
          },
        ],
      },
    ])
  })

  for (const kind of ['ocr_line', 'ocr_header', 'ocr_caption', 'ocr_textfloat']) {
    it(`takes ${kind} for a line`, () => {
      assert.equal(text(inLine(word('one') + word('two'), kind)), 'one two')
    })
  }

  it('decodes entities', () => {
    assert.equal(text(inLine(word('a&lt;b &amp; &quot;c&quot;&#39;'))), `a<b & "c"'`)
  })

  it('joins the pieces of an emphasized word', () => {
    assert.equal(text(inLine(word('<strong>bo</strong><em>ld</em>'))), 'bold')
  })

  it('ignores pictures and rules', () => {
    const picture = `<div class='ocr_photo' title="bbox 1 1 9 9"></div>`
    assert.deepEqual(parseHocr(page(picture)).blocks, [])
  })

  it('throws when there is no page', () => assert.throws(() => parseHocr('<html></html>')))
})
