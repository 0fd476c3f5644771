import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { writeEvent } from '../events/outgoing-event.ts'
import { anEvent } from './fixtures/sink.ts'
import { parseOverrides } from './overrides.ts'

describe('parseOverrides', () => {
  it('gives the extensions', () => {
    const extensions = { tenant: 'a', x1: '', 0: 'Straße' }
    assert.deepEqual(parseOverrides(JSON.stringify({ extensions })), extensions)
  })

  it('gives none where Knative names none', () => {
    for (const raw of ['', '{}', '{"extensions":{}}', '{"extensions":null}']) {
      assert.deepEqual(parseOverrides(raw), {}, raw)
    }
  })

  it('leaves fields alone that it does not know', () => {
    const raw = '{"extensions":{"tenant":"a"},"later":1}'
    assert.deepEqual(parseOverrides(raw), { tenant: 'a' })
  })

  it('refuses what is no such JSON', () => {
    for (const raw of [
      '{',
      'tenant=a',
      '[]',
      'null',
      '"a"',
      '{"extensions":[]}',
      '{"extensions":1}',
    ]) {
      assert.equal(parseOverrides(raw), undefined, raw)
    }
  })

  it('refuses names that are none of an extension', () => {
    const names = [
      '',
      'Tenant',
      'a-b',
      'a_b',
      'ä',
      'a b',
      '__proto__',
      'id',
      'data',
      'validate',
      'constructor',
    ]
    for (const name of names) {
      assert.equal(parseOverrides(`{"extensions":{"${name}":"a"}}`), undefined, name)
    }
  })

  it('refuses values that are no text', () => {
    for (const value of ['1', 'true', 'null', '{}', '["a"]']) {
      assert.equal(parseOverrides(`{"extensions":{"tenant":${value}}}`), undefined, value)
    }
  })

  it('lets no name through that an event cannot have', async () => {
    for (const name of ['emit', 'emitter', 'clone', 'tojson', 'headers', 'body', 'strict']) {
      const extensions = parseOverrides(`{"extensions":{"${name}":"a"}}`)
      assert.ok(extensions, name)
      const { headers } = await writeEvent(anEvent({ extensions }), 'binary')
      assert.equal(headers[`ce-${name}`], 'a')
    }
  })
})
