import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { recognizedDataSchema } from '../../contract/events.ts'
import { resultOf, upTo } from '../fixtures/results.ts'
import { fitResult } from './fit.ts'

const told = { detail: 'words', options: {} } as const
const bytesOf = (value: object) => Buffer.byteLength(JSON.stringify(value))
const result = resultOf(upTo(20))
const withText = (text: string) => ({ ...result, document: { ...result.document, text } })

function fit(maxBytes: number, from = result, detail: 'words' | 'lines' | 'text' = 'words') {
  const data = fitResult(from, { ...told, detail }, maxBytes)
  assert.ok(Buffer.byteLength(data) <= maxBytes, `${Buffer.byteLength(data)}`)
  return recognizedDataSchema.parse(JSON.parse(data))
}
const sizeOf = (detail: 'words' | 'lines' | 'text') =>
  Buffer.byteLength(fitResult(result, { ...told, detail }, Number.POSITIVE_INFINITY))

describe('fitResult', () => {
  it('leaves a result as it is that fits to the byte', () => {
    const data = fit(sizeOf('words'))
    assert.equal(data.detail, 'words')
    assert.equal(data.truncated, false)
    assert.deepEqual(data.pages, result.document.pages)
  })

  for (const [more, less] of [
    ['words', 'lines'],
    ['lines', 'text'],
  ] as const) {
    it(`leaves out ${more} that do not fit by a byte`, () => {
      const data = fit(sizeOf(more) - 1)
      assert.deepEqual([data.detail, data.truncated], [less, false])
      assert.equal(data.text, result.document.text)
      assert.equal(data.pages.length, 20)
    })
  }

  it('leaves out pictures, whatever room there is', () => {
    const [page] = result.document.pages
    assert.ok(page)
    const picture = { mediaType: 'image/jpeg', width: 1, height: 1, data: 'eA==' }
    const document = { ...result.document, pages: [{ ...page, picture }] }
    assert.deepEqual(fit(1_000_000, { ...result, document }).pages, [page])
  })

  it('tells no more than was asked for', () => {
    assert.equal(fit(1_000_000, result, 'lines').detail, 'lines')
    assert.equal(fit(1_000_000, result, 'text').detail, 'text')
  })

  it('cuts the text off where it is longer than what is left', () => {
    const text = 'word '.repeat(10_000)
    const data = fit(4000, withText(text))
    assert.deepEqual([data.truncated, data.detail, data.pages], [true, 'text', []])
    assert.ok(text.startsWith(data.text))
    assert.equal(bytesOf(data), 4000)
    assert.equal(data.pageCount, 20)
  })

  it('leaves out the pages, and tells no lie of a text that fits without them', () => {
    const text = 'word '.repeat(1000)
    const data = fit(6000, withText(text))
    assert.deepEqual([data.truncated, data.pages, data.text], [false, [], text])
  })

  it('is never a byte too long where the text just fits without pages, or just does not', () => {
    const text = 'word '.repeat(1000)
    const size = Buffer.byteLength(fitResult(withText(text), { ...told, detail: 'words' }, 6000))
    for (const [limit, isCut] of [
      [size, false],
      [size - 1, true],
      [size - 2, true],
    ] as const) {
      const data = fit(limit, withText(text))
      assert.deepEqual([data.truncated, data.text === text], [isCut, !isCut])
    }
  })

  for (const [what, character] of [
    ['two bytes', 'ä'],
    ['a pair of units', '😀'],
    ['an escape', '\u0001'],
    ['a quote', '"'],
  ] as const) {
    it(`does not cut a character of ${what}`, () => {
      for (const limit of [4000, 4001, 4002, 4003]) {
        const { text } = fit(limit, withText(character.repeat(5000)))
        assert.ok(text.length > 100)
        assert.equal(text.replaceAll(character, ''), '')
      }
    })
  }
})
