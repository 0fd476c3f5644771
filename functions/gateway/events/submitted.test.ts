import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { EventAttributes } from './attributes.ts'
import type { EventData } from './incoming-event.ts'
import { readSubmitted } from './submitted.ts'

const read = (data: EventData, extensions: Record<string, unknown> = {}) => {
  const attributes: EventAttributes = {
    specversion: '1.0',
    id: '1',
    source: '/scans',
    type: 'document',
    ...extensions,
  }
  return readSubmitted({ attributes, data }, 100)
}
const bytes = (length = 10): EventData => ({ type: 'bytes', bytes: new Uint8Array(length) })
const json = (value: unknown): EventData => ({ type: 'json', value })
const url = 'https://files.example.com/a.pdf'

describe('readSubmitted', () => {
  it('takes bytes as the document, and attributes as options', () => {
    const extensions = { ocrlang: 'deu', ocrpsm: 6, ocrpreserveinterwordspaces: true, other: 'x' }
    const { document, options, detail } = read(bytes(), { ...extensions, ocrdetail: 'lines' })
    assert.deepEqual(document, { type: 'file', file: new Uint8Array(10) })
    assert.deepEqual(options, { lang: 'deu', psm: 6, preserve_interword_spaces: true })
    assert.equal(detail, 'lines')
  })

  it('takes a file in JSON, with options that win over attributes', () => {
    const data = json({ file: 'AAAA', lang: 'fra', detail: 'text' })
    const { document, options, detail } = read(data, { ocrlang: 'deu', ocrpsm: '6' })
    assert.deepEqual(document.type === 'file' && [...document.file], [0, 0, 0])
    assert.deepEqual([options, detail], [{ lang: 'fra', psm: 6 }, 'text'])
  })

  for (const [where, data, extensions] of [
    ['the data', json({ dataref: url, lang: 'deu' }), {}],
    ['an attribute', undefined, { dataref: url, ocrlang: 'deu' }],
    ['an attribute, beside options', json({ lang: 'deu' }), { dataref: url }],
  ] as const) {
    it(`takes the document's URL from ${where}`, () => {
      const { document, options } = read(data, extensions)
      assert.deepEqual(document, { type: 'reference', reference: url })
      assert.deepEqual(options, { lang: 'deu' })
    })
  }

  it('takes a file of the largest size, and none beyond', () => {
    const inJson = (length: number) => json({ file: Buffer.alloc(length).toString('base64') })
    for (const data of [bytes, inJson]) {
      read(data(100))
      assert.throws(() => read(data(101)), { kind: 'payload_too_large' })
    }
  })

  for (const [what, data, extensions, message] of [
    ['a dataref that is none', bytes(), { dataref: 5 }, 'The dataref of an event must be a URL.'],
    ['no document', undefined, {}, /^The event has no document\./],
    ['two documents', json({ file: 'AAAA', dataref: url }), {}, /either "file" .* or "dataref"/],
    ['a list', json([]), {}, /no document/],
    ['text', json('AAAA'), {}, 'The data of the event must be a JSON object.'],
    ['base64 that is none', json({ file: '?' }), {}, '"file" is not valid base64.'],
    ['an unknown option', bytes(), { ocrlnag: 'eng' }, /^Unknown option "ocrlnag"\./],
    ['a bad option', json({ file: 'AAAA', psm: 99 }), {}, /^psm must be/],
    ['another format', json({ file: 'AAAA', format: 'pdf' }), {}, /must be left out/],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.throws(() => read(data, extensions), { kind: 'invalid_request', message })
    })
  }
})
