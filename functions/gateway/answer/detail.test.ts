import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Detail } from '../../contract/answer-formats.ts'
import { answerSchemas } from '../../contract/answers.ts'
import { box, failedPage, page, range, word } from '../../contract/formats/fixtures/document.ts'
import type { OcrOptions } from '../../contract/options.ts'
import { pageInDetail } from './detail.ts'

const timings = { queueMs: 0.1, decodeMs: 4.2, recognizeMs: 31.5, parseMs: 0.4 }
const { pages } = range()
const [first = page()] = pages
const { blocks: _blocks, ...withoutBlocks } = first

const told = (detail: Detail, options: OcrOptions = {}) => ({ detail, options })

describe('pageInDetail', () => {
  it('is the page itself with every word', () => {
    assert.equal(pageInDetail(first, told('words')), first)
  })

  it('has no blocks with the text alone', () => {
    assert.deepEqual(pageInDetail(first, told('text')), withoutBlocks)
  })

  it('has the text and the mean confidence of each line in place of its words', () => {
    const line = (text: string, confidence = 0.9) => ({
      box: box(0, 20, 200, 20),
      text,
      confidence,
    })
    const paragraph = (...lines: unknown[]) => ({ box: box(0, 20, 200, 40), lines })
    const block = (...paragraphs: unknown[]) => ({ box: box(0, 20, 200, 80), paragraphs })
    assert.deepEqual(pageInDetail(first, told('lines')), {
      ...withoutBlocks,
      blocks: [
        block(paragraph(line('one two'), line('three')), paragraph(line('four'))),
        block(paragraph(line('five', 0.07))),
      ],
    })
  })

  it('rounds the confidence of a line as that of a page', () => {
    const words = [word('a', 0, 1), word('b', 50, 1), word('c', 100, 0)]
    const lines = [{ box: box(0, 0, 9, 9), words }]
    const blocks = [{ box: box(0, 0, 9, 9), paragraphs: [{ box: box(0, 0, 9, 9), lines }] }]
    assert.match(
      JSON.stringify(pageInDetail(page({ blocks }), told('lines'))),
      /"confidence":0.6667/,
    )
  })

  it('keeps the error of a page that failed', () => {
    const failed = failedPage(3)
    const { blocks: _none, ...rest } = failed
    assert.deepEqual(pageInDetail(failed, told('text')), rest)
    assert.deepEqual(pageInDetail(failed, told('lines')), failed)
  })

  it('has the gaps between the words of a line where they are to be kept', () => {
    const box = { x: 0, y: 0, width: 300, height: 20 }
    const word = (text: string, x: number) => ({
      text,
      confidence: 0.9,
      box: { x, y: 0, width: 10 * text.length, height: 20 },
    })
    const lines = [{ box, words: [word('Total', 0), word('12.50', 250)] }]
    const wide = page({ blocks: [{ box, paragraphs: [{ box, lines }] }] })
    const textWith = (options: OcrOptions) =>
      /"text":"(Total[^"]*)"/.exec(JSON.stringify(pageInDetail(wide, told('lines', options))))?.[1]
    assert.equal(textWith({}), 'Total 12.50')
    assert.match(textWith({ preserve_interword_spaces: true }) ?? '', /^Total {15,}12\.50$/)
  })

  for (const detail of ['words', 'lines', 'text'] as const) {
    it(`is as the contract says for ${detail}, and no more`, () => {
      const inDetail = pages.map((page) => pageInDetail(page, told(detail)))
      const answer = { ...range(), pages: inDetail, timings }
      assert.deepEqual(answerSchemas[detail].parse(answer), answer)
    })
  }
})
