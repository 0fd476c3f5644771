import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Word } from '../ocr.ts'
import { altoOf } from './alto.ts'
import {
  block,
  blocksOf,
  box,
  document,
  failedPage,
  line,
  page,
  paragraph,
  range,
  word,
} from './fixtures/document.ts'

/** The start tags of elements in their order. */
const tagsOf = (alto: string, name: string): string[] =>
  alto.match(new RegExp(`<${name}[ />][^>]*>?`, 'g')) ?? []

const wordsOnly = (...words: Word[]) => altoOf(document([page({ blocks: blocksOf(...words) })]))

describe('altoOf', () => {
  it('holds blocks, paragraphs, lines and words with their boxes', () => {
    const alto = wordsOnly(word('one'), word('two', 50, 0.07))
    assert.deepEqual(alto.slice(alto.indexOf('<Layout>')).split('\n'), [
      '<Layout>',
      '<Page ID="page_1" PHYSICAL_IMG_NR="1" WIDTH="640" HEIGHT="480" PC="0.9" PROCESSINGREFS="processing_1">',
      '<PrintSpace HPOS="0" VPOS="0" WIDTH="640" HEIGHT="480">',
      '<ComposedBlock ID="block_1_1" HPOS="0" VPOS="20" WIDTH="200" HEIGHT="80">',
      '<TextBlock ID="par_1_1" HPOS="0" VPOS="20" WIDTH="200" HEIGHT="40" LANG="en">',
      '<TextLine ID="line_1_1" HPOS="0" VPOS="20" WIDTH="200" HEIGHT="20">',
      '<String ID="word_1_1" HPOS="0" VPOS="20" WIDTH="40" HEIGHT="20" WC="0.9" CONTENT="one" />',
      '<SP HPOS="40" VPOS="20" WIDTH="10" />',
      '<String ID="word_1_2" HPOS="50" VPOS="20" WIDTH="40" HEIGHT="20" WC="0.07" CONTENT="two" />',
      '</TextLine>',
      '</TextBlock>',
      '</ComposedBlock>',
      '</PrintSpace>',
      '</Page>',
      '</Layout>',
      '</alto>',
      '',
    ])
  })

  it('tells the unit, the engine and how it was asked', () => {
    const alto = altoOf(document([page()], 'eng+deu'))
    assert.match(alto, /<MeasurementUnit>pixel</)
    assert.match(alto, /<softwareName>tesseract<\/softwareName>\s+<softwareVersion>5\.3\.0</)
    assert.match(alto, /<processingStepSettings>lang eng\+deu, psm 3, oem 1, profile none</)
  })

  it('has pages under their numbers in the file', () => {
    assert.deepEqual(tagsOf(altoOf(range()), 'Page'), [
      '<Page ID="page_3" PHYSICAL_IMG_NR="3" WIDTH="640" HEIGHT="480" PC="0.9" PROCESSINGREFS="processing_1">',
      '<Page ID="page_4" PHYSICAL_IMG_NR="4" />',
      '<Page ID="page_5" PHYSICAL_IMG_NR="5" WIDTH="800" HEIGHT="600" PC="0.9" PROCESSINGREFS="processing_1">',
    ])
  })

  it('tells a page that failed from a blank one', () => {
    const alto = altoOf(document([page({ confidence: 0 }), failedPage(2)]))
    assert.equal(tagsOf(alto, 'PrintSpace').length, 1)
    assert.match(alto, /<Page ID="page_1"[^>]*>\s+<PrintSpace[^>]*><\/PrintSpace>/)
  })

  it('tells the size of a page that failed if it is known', () => {
    const failed = { ...failedPage(1), width: 640, height: 480 }
    const [tag] = tagsOf(altoOf(document([failed])), 'Page')
    assert.equal(tag, '<Page ID="page_1" PHYSICAL_IMG_NR="1" WIDTH="640" HEIGHT="480" />')
  })

  it('gives every part an ID that no other has', () => {
    const ids = [...altoOf(range()).matchAll(/ ID="([^"]+)"/g)].map(([, id = '']) => id)
    assert.equal(ids.length, 22)
    assert.equal(new Set(ids).size, ids.length)
    assert.ok(ids.every((id) => /^[a-z][a-z0-9_]*$/.test(id)))
  })

  it('has the space of a line from right to left between its words', () => {
    assert.deepEqual(tagsOf(wordsOnly(word('שלום', 50), word('עולם')), 'SP'), [
      '<SP HPOS="40" VPOS="20" WIDTH="10" />',
    ])
  })

  it('has a space without width where words touch or overlap', () => {
    const around = { ...word('c'), box: box(0, 20, 100, 20) }
    const alto = wordsOnly(word('a'), word('b', 40), word('c', 70), around)
    assert.deepEqual(tagsOf(alto, 'SP'), [
      '<SP HPOS="40" VPOS="20" WIDTH="0" />',
      '<SP HPOS="80" VPOS="20" WIDTH="0" />',
      '<SP HPOS="100" VPOS="20" WIDTH="0" />',
    ])
  })

  it('leaves lines without words out, which the schema forbids', () => {
    const alto = altoOf(document([page({ blocks: [block(paragraph(line(), line(word('x'))))] })]))
    assert.equal(tagsOf(alto, 'TextLine').length, 1)
  })

  it('escapes text, and replaces what XML forbids', () => {
    const alto = wordsOnly(word(`&<>"'`), word('a\0\tb'), word('مرحبا'))
    const contents = [...alto.matchAll(/ CONTENT="([^"]*)"/g)].map(([, content]) => content)
    assert.deepEqual(contents, ['&amp;&lt;&gt;&quot;&#39;', 'a\uFFFD&#9;b', 'مرحبا'])
  })

  it('names no language if there are several', () => {
    const pages = [page({ blocks: blocksOf(word('x')) })]
    assert.doesNotMatch(altoOf(document(pages, 'eng+deu')), /LANG=/)
  })
})
