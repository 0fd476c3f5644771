import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type IncomingEvent, modeOf, readEvent } from './incoming-event.ts'

const attributes = { specversion: '1.0', id: '1', source: '/scans', type: 'document' }
const binaryHeaders = Object.fromEntries(
  Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value]),
)
const structuredType = { 'content-type': 'application/cloudevents+json' }
const bytes = Buffer.from([0x89, 0x50, 0xff])

function read(
  headers: Record<string, string>,
  body: NonNullable<RequestInit['body']>,
  change: Partial<Parameters<typeof readEvent>[1]> = {},
): Promise<IncomingEvent> {
  const request = new Request('http://host/events', { method: 'POST', headers, body })
  const mode = modeOf(request.headers)
  const memory = { hold: () => undefined }
  return readEvent(request, { mode, maxFileBytes: 1000, memory, check: () => undefined, ...change })
}
const binary = (headers: Record<string, string>, body: NonNullable<RequestInit['body']> = bytes) =>
  read({ ...binaryHeaders, ...headers }, body)
const structured = (event: object) => read(structuredType, JSON.stringify(event))

describe('modeOf', () => {
  for (const [contentType, mode] of [
    ['application/cloudevents+json', 'structured'],
    ['Application/CloudEvents+JSON; charset=utf-8', 'structured'],
    ['image/png', 'binary'],
  ] as const) {
    it(`is ${mode} for ${contentType}`, () => {
      assert.equal(modeOf(new Headers({ ...binaryHeaders, 'content-type': contentType })), mode)
    })
  }

  for (const [headers, kind] of [
    [{ 'content-type': 'application/cloudevents-batch+json' }, 'unsupported_media'],
    [{ 'content-type': 'application/cloudevents+xml' }, 'unsupported_media'],
    [{ 'content-type': 'application/json' }, 'invalid_request'],
  ] as const) {
    it(`refuses ${headers['content-type']}`, () => {
      assert.throws(() => modeOf(new Headers(headers)), { kind })
    })
  }
})

describe('an event in binary mode', () => {
  it('has its attributes in headers, decoded, and its data as the body', async () => {
    const event = await binary({
      'content-type': 'image/png',
      'ce-subject': 'Stra%C3%9Fe%205.png',
      'ce-time': '2026-11-25T12:00:00Z',
      'ce-ocrlang': 'deu',
      'ce-datacontenttype': 'text/plain',
    })
    const { subject, ocrlang, datacontenttype, time } = event.attributes
    assert.deepEqual(
      [subject, ocrlang, datacontenttype, time],
      ['Straße 5.png', 'deu', 'image/png', '2026-11-25T12:00:00Z'],
    )
    assert.deepEqual(event.data, { type: 'bytes', bytes: new Uint8Array(bytes) })
  })

  for (const contentType of ['application/json', 'text/json', 'application/vnd.x+JSON; a=b']) {
    it(`has data that is JSON by ${contentType}`, async () => {
      const { data } = await binary({ 'content-type': contentType }, '{"a":1}')
      assert.deepEqual(data, { type: 'json', value: { a: 1 } })
    })
  }

  it('may have no data', async () => {
    assert.equal((await binary({ 'content-type': 'image/png' }, '')).data, undefined)
  })

  it('is checked before its data is read', async () => {
    const body = new ReadableStream({ pull: (it) => it.error(new Error('it was read')) })
    const check = () => {
      throw new Error('not wanted')
    }
    const headers = { ...binaryHeaders, 'content-type': 'image/png' }
    const request = new Request('http://host/', { method: 'POST', headers, body, duplex: 'half' })
    const memory = { hold: () => undefined }
    const options = { mode: 'binary', maxFileBytes: 1000, memory, check } as const
    await assert.rejects(readEvent(request, options), /not wanted/)
  })

  for (const [length, isRead] of [
    [1000, true],
    [1001, false],
  ] as const) {
    it(`is ${isRead ? 'read' : 'refused'} with ${length} of 1000 bytes`, async () => {
      const reading = binary({ 'content-type': 'image/png' }, new Uint8Array(length))
      if (isRead) await reading
      else await assert.rejects(reading, { kind: 'payload_too_large' })
    })
  }

  for (const name of Object.keys(attributes)) {
    it(`is refused without ${name}`, async () => {
      const { [`ce-${name}`]: _, ...headers } = binaryHeaders
      const message = `The event has no ${name}.`
      await assert.rejects(read(headers, bytes), { kind: 'invalid_request', message })
    })
  }

  for (const [header, value, message] of [
    ['ce-specversion', '0.3', 'The specversion of an event must be 1.0.'],
    ['ce-time', 'yesterday', /its time must match format "date-time"/],
    ['ce-source', 'not%20a%20uri%5E', /its source must match format "uri-reference"/],
    ['ce-my-own', 'x', /lower-case letters and digits/],
    ['ce-subject', '%FF', /ce-subject must be UTF-8/],
    ['ce-subject', 'x'.repeat(2049), 'An attribute has more than 2048 bytes as a header.'],
  ] as const) {
    it(`is refused with ${header}: ${value.slice(0, 20)}`, async () => {
      await assert.rejects(binary({ [header]: value }), { kind: 'invalid_request', message })
    })
  }
})

describe('an event in structured mode', () => {
  it('has everything in its body', async () => {
    const given = { ...attributes, subject: 'Straße', ocrpsm: 6, isnew: true, dataschema: null }
    const { attributes: read, data } = await structured({ ...given, data: { a: 1 } })
    const { subject, ocrpsm, isnew, dataschema } = read
    assert.deepEqual([subject, ocrpsm, isnew, dataschema], ['Straße', 6, true, undefined])
    assert.deepEqual(data, { type: 'json', value: { a: 1 } })
  })

  it('has bytes as base64, which are JSON when they are said to be', async () => {
    const data_base64 = Buffer.from('{"a":1}').toString('base64')
    const image = await structured({ ...attributes, data_base64 })
    assert.deepEqual(image.data?.type, 'bytes')
    const json = await structured({
      ...attributes,
      datacontenttype: 'application/json',
      data_base64,
    })
    assert.deepEqual(json.data, { type: 'json', value: { a: 1 } })
  })

  it('is checked when it has been read', async () => {
    const check = () => {
      throw new Error('not wanted')
    }
    await assert.rejects(read(structuredType, JSON.stringify(attributes), { check }), /not wanted/)
  })

  it('has room for a file of the largest size as base64', async () => {
    const data_base64 = Buffer.alloc(1000).toString('base64')
    const { data } = await structured({ ...attributes, data_base64 })
    assert.equal(data?.type === 'bytes' && data.bytes.length, 1000)
    const tooLong = { ...attributes, data_base64: 'A'.repeat(70_000) }
    await assert.rejects(structured(tooLong), { kind: 'payload_too_large' })
  })

  for (const [event, message] of [
    [[attributes], 'A structured event must be a JSON object.'],
    [{ ...attributes, id: undefined }, 'The event has no id.'],
    [{ ...attributes, id: '' }, 'The event has no id.'],
    [{ ...attributes, id: 5 }, /its id must be string/],
    [{ ...attributes, id: 0 }, /its id must be string/],
    [{ ...attributes, time: false }, /its time must be string/],
    [{ ...attributes, time: '' }, 'The event has no time.'],
    [{ ...attributes, subject: '' }, /its subject must NOT have fewer than 1 characters/],
    [{ ...attributes, Subject: 'x' }, /lower-case letters and digits/],
    [{ ...attributes, more: { a: 1 } }, 'Attributes are strings, numbers or booleans.'],
    [
      Object.fromEntries([
        ...Object.entries(attributes),
        ...Array.from({ length: 61 }, (_, n) => [`a${n}`, 'x']),
      ]),
      'An event has at most 64 attributes.',
    ],
    [{ ...attributes, data: 1, data_base64: 'AAAA' }, /and not both/],
    [{ ...attributes, data_base64: '?' }, 'data_base64 is not valid base64.'],
    [
      { ...attributes, datacontenttype: 'image/png', data: 'x' },
      'Data of the type image/png must come in data_base64.',
    ],
  ] as const) {
    it(`is refused when it is ${JSON.stringify(event).slice(0, 90)}`, async () => {
      await assert.rejects(structured(event), { kind: 'invalid_request', message })
    })
  }

  it('does not get another prototype by its names', async () => {
    const body = `{"__proto__":{"id":"2"},${JSON.stringify(attributes).slice(1)}`
    await assert.rejects(read(structuredType, body), { kind: 'invalid_request' })
  })
})
