import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { OcrError } from '../../contract/errors.ts'
import { eventTypes } from '../../contract/events.ts'
import { resultOf } from '../fixtures/results.ts'
import { type OutgoingEvent, writeEvent } from './outgoing-event.ts'
import { createResultEvents } from './result-event.ts'

const told = { detail: 'words', options: {} } as const
const cause = { source: '/scans', id: '1', subject: 'a.png', extensions: { traceparent: '00' } }
const events = (maxBytes = 100_000) => createResultEvents({ source: '/ocr', maxBytes })

describe('the event of a result', () => {
  it('tells of what it is the result', async () => {
    const event = await events().recognized(cause, resultOf([1]), told)
    const { type, source, subject, extensions } = event
    assert.deepEqual([type, source, subject], [eventTypes.recognized, '/ocr', 'a.png'])
    assert.deepEqual(extensions, { traceparent: '00', causationid: '1' })
    assert.ok(Math.abs(Date.now() - Date.parse(event.time)) < 60_000)
  })

  it('tells what failed as a problem', () => {
    const { subject: _, ...unnamed } = cause
    const event = events().failed(unnamed, new OcrError('undecodable_image', 'It is cut off.'))
    assert.equal(event.type, eventTypes.failed)
    assert.equal('subject' in event, false)
    assert.deepEqual(JSON.parse(event.data), {
      type: 'urn:ocr:problem:undecodable_image',
      title: 'The file is damaged',
      status: new OcrError('undecodable_image', '').status,
      detail: 'It is cut off.',
      code: 'undecodable_image',
    })
  })

  it('has the id that it had before, and no other one has', async () => {
    const idOf = async (change = {}) =>
      (await events().recognized({ ...cause, ...change }, resultOf([1]), told)).id
    assert.equal(await idOf(), await idOf({ subject: 'b.png', extensions: {} }))
    const ids = [
      await idOf(),
      await idOf({ id: '2' }),
      await idOf({ source: '/scans2', id: '' }),
      await idOf({ source: '/scans', id: '21' }),
      events().failed(cause, new OcrError('internal', '')).id,
    ]
    assert.equal(new Set(ids).size, ids.length)
  })

  it('has as many bytes as are allowed in the larger of both modes, whatever its attributes are', async () => {
    const long = { ...cause, subject: '\u0001'.repeat(600), extensions: { x: 'ä'.repeat(300) } }
    const result = resultOf([1])
    const large = { ...result, document: { ...result.document, text: 'x'.repeat(100_000) } }
    for (const id of ['1', 'ü'.repeat(300)]) {
      const event = await events(64 * 1024).recognized({ ...long, id }, large, told)
      const sizes = [await sizeIn('binary', event), await sizeIn('structured', event)]
      assert.equal(Math.max(...sizes), 64 * 1024)
    }
  })

  async function sizeIn(mode: 'binary' | 'structured', event: OutgoingEvent): Promise<number> {
    const { headers, body } = await writeEvent(event, mode)
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    return Buffer.byteLength(body) + lines.join('').length
  }
})
