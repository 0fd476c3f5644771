import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { negotiate } from './negotiate.ts'

describe('negotiate', () => {
  for (const [accept, format, mediaType] of [
    [undefined, 'json', 'application/json'],
    ['', 'json', 'application/json'],
    ['*/*', 'json', 'application/json'],
    ['text/plain', 'text', 'text/plain'],
    ['TEXT/PLAIN; charset=utf-8', 'text', 'text/plain'],
    ['text/*', 'text', 'text/plain'],
    ['text/html', 'hocr', 'text/html'],
    ['text/vnd.hocr+html', 'hocr', 'text/vnd.hocr+html'],
    ['application/xml', 'alto', 'application/xml'],
    ['application/pdf', 'pdf', 'application/pdf'],
    ['application/jsonl', 'ndjson', 'application/jsonl'],
    ['text/plain;q=0.5, application/pdf', 'pdf', 'application/pdf'],
    ['image/png, text/plain;q=0.1', 'text', 'text/plain'],
    ['application/json;q=0, */*', 'text', 'text/plain'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'hocr', 'text/html'],
  ] as const) {
    it(`answers Accept: ${accept} by ${mediaType}`, () => {
      const contentType = mediaType.startsWith('text/') ? `${mediaType}; charset=utf-8` : mediaType
      assert.deepEqual(negotiate(undefined, accept), { format, contentType })
    })
  }

  it('lets the option win over the header', () => {
    const wanted = { format: 'tsv', contentType: 'text/tab-separated-values; charset=utf-8' }
    assert.deepEqual(negotiate('tsv', 'application/json'), wanted)
  })

  for (const accept of ['image/png', 'application/json;q=0', 'nonsense']) {
    it(`refuses Accept: ${accept} by naming what there is`, () => {
      const expected = { kind: 'not_acceptable', message: /text\/plain.*application\/pdf/ }
      assert.throws(() => negotiate(undefined, accept), expected)
    })
  }
})
