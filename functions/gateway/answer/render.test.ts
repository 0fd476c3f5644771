import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { details, formats } from '../../contract/answer-formats.ts'
import { answerSchemas } from '../../contract/answers.ts'
import { altoOf } from '../../contract/formats/alto.ts'
import { range } from '../../contract/formats/fixtures/document.ts'
import { hocrOf } from '../../contract/formats/hocr.ts'
import { tsvOf } from '../../contract/formats/tsv.ts'
import { renderings } from './render.ts'

const timings = { queueMs: 0.1, decodeMs: 4.2, recognizeMs: 31.5, parseMs: 0.4 }
const document = { ...range(), text: 'one two\nthree\n\f\n\fsix' }
const result = { document, timings }

describe('renderings', () => {
  it('are there for every format but the one that is a stream', () => {
    assert.deepEqual([...Object.keys(renderings), 'ndjson'].toSorted(), formats.toSorted())
  })

  for (const detail of details) {
    it(`is JSON with the times, and ${detail} of each page`, () => {
      const answer = JSON.parse(String(renderings.json(result, { detail, options: {} })))
      assert.deepEqual(answerSchemas[detail].parse(answer), answer)
      assert.deepEqual(answer.timings, timings)
      assert.equal(answer.text, document.text)
      assert.equal(answer.pages.length, 3)
    })
  }

  it('is the text with a line break at its end, as a file of lines', () => {
    assert.equal(
      renderings.text(result, { detail: 'words', options: {} }),
      'one two\nthree\n\f\n\fsix\n',
    )
  })

  for (const [format, write] of [
    ['hocr', hocrOf],
    ['tsv', tsvOf],
    ['alto', altoOf],
  ] as const) {
    it(`is ${format} as the model writes it, whatever the detail`, () => {
      for (const detail of details) {
        assert.equal(renderings[format](result, { detail, options: {} }), write(document))
      }
    })
  }

  it('is the bytes of the PDF', () => {
    // A view, as it comes out of the model's answer.
    const pdf = Buffer.from('..%PDF-1.7 \0\xff', 'latin1').subarray(2)
    assert.deepEqual(
      renderings.pdf({ ...result, pdf }, { detail: 'words', options: {} }),
      new Uint8Array(pdf),
    )
  })
})
