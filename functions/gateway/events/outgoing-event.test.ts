import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { HTTP } from 'cloudevents'
import { modeOf, readEvent } from './incoming-event.ts'
import { writeEvent } from './outgoing-event.ts'

const event = {
  id: 'a b',
  source: '/ocr',
  type: 'read',
  subject: 'Straße "5 %".png 😀',
  time: '2026-11-25T12:00:00.000Z',
  data: '{"text":"ä"}',
  extensions: { causationid: '1' },
}

describe('writeEvent', () => {
  for (const mode of ['binary', 'structured'] as const) {
    it(`writes in ${mode} mode what is read as the same event`, async () => {
      const { headers, body } = await writeEvent(event, mode)
      const request = new Request('http://host/', { method: 'POST', headers, body })
      assert.equal(modeOf(request.headers), mode)
      const options = {
        mode,
        maxFileBytes: 1000,
        memory: { hold: () => undefined },
        check: () => undefined,
      }
      const { attributes, data } = await readEvent(request, options)
      const { id, source, type, subject, time, causationid, datacontenttype } = attributes
      assert.deepEqual(
        { id, source, type, subject, time, extensions: { causationid }, data: event.data },
        event,
      )
      assert.equal(datacontenttype, 'application/json')
      assert.deepEqual(data, { type: 'json', value: JSON.parse(event.data) })
    })

    it(`writes in ${mode} mode what the SDK reads`, async () => {
      const { headers, body } = await writeEvent({ ...event, id: '1', subject: 's' }, mode)
      const read = HTTP.toEvent({ headers, body })
      assert.ok(!Array.isArray(read))
      assert.deepEqual([read.id, read.subject, read.data], ['1', 's', JSON.parse(event.data)])
    })
  }
})
