import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { answerFormats } from '../../contract/answer-formats.ts'
import { answerSchemas } from '../../contract/answers.ts'
import { downloadFormats, downloadName, downloads, jsonOf, textOf } from './downloads.ts'
import { answerEnd, pageOf } from './fixtures/pages.ts'
import { type State, withPage } from './state.ts'

const picture = { mediaType: 'image/png', width: 1, height: 1, data: btoa('x') }
const pages = [2, 1].reduce<State['pages']>(
  (all, number) => withPage(all, pageOf([[[`page${number}`, 0, 0]]], { number, picture })),
  new Map(),
)

describe('downloads', () => {
  for (const format of downloadFormats) {
    it(`have the name that files of ${format} have elsewhere`, () => {
      assert.equal(downloads[format].extension, answerFormats[format].extension)
    })
  }

  it('are named after their document', () => {
    assert.equal(downloadName('scan.v2.pdf', 'alto'), 'scan.v2.alto.xml')
    assert.equal(downloadName('scan', 'text'), 'scan.txt')
    assert.equal(downloadName('.png', 'text'), '.png.txt')
  })

  it('have the text of the pages in their order', () => {
    assert.equal(textOf({ pages }), 'page1\fpage2')
  })

  it('have JSON as the API answers it, without pictures', () => {
    const json: unknown = JSON.parse(jsonOf({ pages, answer: answerEnd }))
    const document = answerSchemas.words.parse(json)
    assert.deepEqual(
      document.pages.map(({ number, picture }) => [number, picture]),
      [
        [1, undefined],
        [2, undefined],
      ],
    )
    assert.deepEqual(document.timings, answerEnd.timings)
  })
})
