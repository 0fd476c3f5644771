import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseHocr } from '../../model/engine/hocr.ts'
import { block, blocksOf, document, page, range, word } from './fixtures/document.ts'
import { hocrOf } from './hocr.ts'

/** The values of an attribute in their order. */
const valuesOf = (markup: string, attribute: string): string[] =>
  [...markup.matchAll(new RegExp(` ${attribute}="([^"]*)"`, 'g'))].map(([, value = '']) => value)

describe('hocrOf', () => {
  it('is read back as it was by the parser of tesseract’s hOCR, page by page', () => {
    const whole = range()
    for (const page of whole.pages) {
      const { width, height, blocks } = page
      assert.deepEqual(parseHocr(hocrOf({ ...whole, pages: [page] })), { width, height, blocks })
    }
  })

  it('has a page for each page, under its number in the file', () => {
    const titles = hocrOf(range()).match(/<div class="ocr_page".*?>/g)
    assert.deepEqual(titles, [
      '<div class="ocr_page" id="page_3" title="bbox 0 0 640 480; ppageno 2; scan_res 300 300">',
      '<div class="ocr_page" id="page_4" title="bbox 0 0 0 0; ppageno 3">',
      '<div class="ocr_page" id="page_5" title="bbox 0 0 800 600; ppageno 4">',
    ])
  })

  it('counts areas, paragraphs, lines and words within their page', () => {
    assert.deepEqual(valuesOf(hocrOf(range()), 'id'), [
      ...['page_3', 'block_3_1', 'par_3_1', 'line_3_1', 'word_3_1', 'word_3_2'],
      ...['line_3_2', 'word_3_3', 'par_3_2', 'line_3_3', 'word_3_4'],
      ...['block_3_2', 'par_3_3', 'line_3_4', 'word_3_5'],
      'page_4',
      ...['page_5', 'block_5_1', 'par_5_1', 'line_5_1', 'word_5_1'],
    ])
  })

  it('writes confidence as whole percents', () => {
    const words = [0, 0.07, 0.57, 0.995, 1].map((confidence) => word('x', 0, confidence))
    const markup = hocrOf(document([page({ blocks: blocksOf(...words) })]))
    const percents = [...markup.matchAll(/x_wconf (\S+)"/g)].map(([, percent]) => percent)
    assert.deepEqual(percents, ['0', '7', '57', '100', '100'])
  })

  for (const text of [`&<>"'`, '&lt;b&gt;', ']]>', '<!--', 'שלום', 'مرحبا', '日本', '😀']) {
    it(`holds the text ${text}`, () => {
      const blocks = blocksOf(word(text))
      assert.deepEqual(parseHocr(hocrOf(document([page({ blocks })]))).blocks, blocks)
    })
  }

  it('holds no character that XML forbids', () => {
    const markup = hocrOf(document([page({ blocks: blocksOf(word('a\0\u001F\uFFFF\uD83Db')) })]))
    assert.match(markup, />a\uFFFD{4}b</)
  })

  it('puts no space into words', () => {
    const markup = hocrOf(document([page({ blocks: blocksOf(word('one'), word('two')) })]))
    assert.deepEqual(markup.match(/>\w+<\/span>/g), ['>one</span>', '>two</span>'])
  })

  it('names the engine and what there is', () => {
    const markup = hocrOf(document([page(), page({ number: 2 })]))
    assert.ok(markup.includes('<meta name="ocr-system" content="tesseract 5.3.0" />'))
    const capabilities = 'ocr_page ocr_carea ocr_par ocr_line ocrx_word ocrp_wconf ocrp_lang'
    assert.ok(markup.includes(`<meta name="ocr-capabilities" content="${capabilities}" />`))
    assert.ok(markup.includes('<meta name="ocr-number-of-pages" content="2" />'))
  })

  it('names the language if there is one', () => {
    const markup = hocrOf(document([page()], 'deu'))
    assert.match(markup, /<html xmlns="\S+" lang="de" xml:lang="de">/)
    assert.ok(markup.includes('<meta name="ocr-langs" content="de" />'))
  })

  it('names no language if there are several', () => {
    assert.doesNotMatch(hocrOf(document([page()], 'eng+deu')), /lang="|ocr-langs|ocrp_lang/)
  })

  it('holds blocks without content and documents without pages', () => {
    assert.match(
      hocrOf(document([page({ blocks: [block()] })])),
      /<div class="ocr_carea"[^>]*><\/div>/,
    )
    assert.match(hocrOf(document([])), /<body><\/body>/)
  })
})
