import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { OcrError } from '../contract/errors.ts'
import { documentSchema } from '../contract/ocr.ts'
import { engine, pageNumbered, resultOf, tiff, upTo } from './fixtures/results.ts'
import { inGroups, joined, pagesOf } from './ranges.ts'

const request = { image: tiff, options: {} }
const crashed = new OcrError('engine_crashed', 'The engine failed on this page.')
const late = new OcrError('deadline_exceeded', 'The model took longer than 1 s.')

describe('inGroups', () => {
  for (const [size, groups] of [
    [1, [[2], [3], [5], [7], [9]]],
    [2, [[2, 3], [5, 7], [9]]],
    [5, [[2, 3, 5, 7, 9]]],
    [6, [[2, 3, 5, 7, 9]]],
  ] as const) {
    it(`makes groups of ${size}, the last of what is left`, () => {
      assert.deepEqual(inGroups([2, 3, 5, 7, 9], size), groups)
    })
  }

  it('makes none of nothing', () => assert.deepEqual(inGroups([], 3), []))
})

describe('pagesOf', () => {
  it('are the pages of the result', () => {
    assert.deepEqual(pagesOf(resultOf([3, 4], 9), request), [pageNumbered(3), pageNumbered(4)])
  })

  it('are pages with the error for each number that was asked for, and how it would have been read', () => {
    const failed = { numbers: [3, 4], error: crashed }
    const error = { code: 'engine_crashed', message: 'The engine failed on this page.' }
    for (const [options, psm] of [
      [{}, 3],
      [{ psm: 6 }, 6],
    ] as const) {
      const pages = pagesOf(failed, { ...request, options })
      const told = pages.map(({ number, psm, error }) => ({ number, psm, error }))
      assert.deepEqual(told, [
        { number: 3, psm, error },
        { number: 4, psm, error },
      ])
    }
  })
})

describe('joined', () => {
  it('is what one request would have given, in whatever order the ranges came', () => {
    const ranges = [
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
      [9, 10],
    ]
    const inOne = resultOf(upTo(10), 12)
    for (const order of [
      [0, 1, 2, 3, 4],
      [4, 3, 2, 1, 0],
      [2, 0, 4, 1, 3],
    ]) {
      const outcomes = order.map((index) => resultOf(ranges[index] ?? [], 12))
      assert.deepEqual(joined(outcomes, 12, request), inOne)
    }
    assert.match(inOne.document.text, /^page 1\n\fpage 2\n\f.*page 10$/s)
    assert.equal(inOne.document.warnings.length, 10)
  })

  it('puts failed pages where the pages would be, and is not complete', () => {
    const outcomes = [resultOf([5, 6], 6), { numbers: [3, 4], error: late }, resultOf([1, 2], 6)]
    const { document, timings } = joined(outcomes, 6, request)
    assert.equal(document.complete, false)
    assert.equal(document.pageCount, 6)
    assert.deepEqual(
      document.pages.map(({ number, error }) => [number, error?.code]),
      [
        [1, undefined],
        [2, undefined],
        [3, 'deadline_exceeded'],
        [4, 'deadline_exceeded'],
        [5, undefined],
        [6, undefined],
      ],
    )
    assert.equal(document.text, 'page 1\n\fpage 2\n\f\n\f\n\fpage 5\n\fpage 6')
    assert.deepEqual(document.engine, engine)
    assert.deepEqual(timings, resultOf([1, 2, 5, 6]).timings)
    assert.deepEqual(documentSchema.parse(document), document)
  })

  it('throws the error of the first pages when there is no other, whichever came first', () => {
    const outcomes = [
      { numbers: [10, 11], error: late },
      { numbers: [2, 3], error: crashed },
      { numbers: [4], error: late },
    ]
    assert.throws(() => joined(outcomes, 11, request), crashed)
  })

  it('sums the times without the dust of floating point', () => {
    const { timings } = joined(
      upTo(3).map((number) => resultOf([number], 3)),
      3,
      request,
    )
    assert.deepEqual(timings, { queueMs: 0.3, decodeMs: 12.6, recognizeMs: 94.5, parseMs: 1.2 })
  })
})
