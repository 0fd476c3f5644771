import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { busy, documentOf, languages, linesOf } from '../fixtures/gateway.ts'
import { documentShape, languagesShape, lineShapes, problemShape } from './answer-shapes.ts'

const document = documentOf('tiny\funreadable')
const lines = new Map<string, object>(
  [...linesOf(document), JSON.stringify({ type: 'error', problem: busy })].map((line) => {
    const value = JSON.parse(line)
    return [value.type, value]
  }),
)

describe('the shapes of answers', () => {
  it('take what a gateway gives, and what a newer one adds to it', () => {
    assert.ok(documentShape(document))
    assert.ok(documentShape({ ...document, news: [1] }))
    assert.ok(languagesShape(languages))
    assert.ok(problemShape(busy))
    assert.deepEqual([...lines.keys()].toSorted(), [...lineShapes.keys()].toSorted())
    for (const [type, line] of lines) assert.ok(lineShapes.get(type)?.(line), type)
  })

  const [page] = document.pages
  const wrong: ReadonlyArray<readonly [type: string, change: object]> = [
    ['start', { pages: undefined }],
    ['start', { pages: 3 }],
    ['start', { pages: ['1'] }],
    ['start', { pageCount: '2' }],
    ['page', { done: undefined }],
    ['page', { total: -1 }],
    ['page', { total: 1e300 }],
    ['page', { page: null }],
    ['page', { page: { ...page, number: undefined } }],
    ['page', { page: { ...page, text: null } }],
    ['page', { page: { ...page, error: 'damaged' } }],
    ['page', { page: { ...page, error: { code: 'x' } } }],
    ['end', { document: undefined }],
    ['end', { document: { ...document, text: undefined } }],
    ['end', { document: { ...document, warnings: undefined } }],
    ['end', { document: { ...document, warnings: [{ page: 1 }] } }],
    ['error', { problem: undefined }],
    ['error', { problem: 'busy' }],
    ['error', { problem: { ...busy, detail: undefined } }],
    ['error', { problem: { ...busy, status: '429' } }],
  ]
  for (const [type, change] of wrong) {
    it(`refuse a line of type ${type} with ${JSON.stringify(change)}`, () => {
      assert.equal(lineShapes.get(type)?.({ ...lines.get(type), ...change }), false)
    })
  }
})
