import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { z } from 'zod'
import { answerSchemas } from '../../functions/contract/answers.ts'
import { eventSchemas, eventTypes, recognizedDataSchema } from '../../functions/contract/events.ts'
import recognizedExample from '../../functions/contract/examples/recognized-event.json' with {
  type: 'json',
}
import submittedExample from '../../functions/contract/examples/submitted-event.json' with {
  type: 'json',
}
import { pdfOf } from '../documents/containers.ts'
import { sentences } from '../documents/corpus.ts'
import { renderText } from '../documents/render.ts'
import { messageOf, submitted } from './broker.ts'
import {
  gatewayFor,
  image,
  problemIn,
  readingsBy,
  recognizedIn,
  replyIn,
  send,
  sendDocument,
} from './event-gateway.ts'

const modes = ['binary', 'structured'] as const

/** What is not the same everywhere and each time. */
function timeless({ data, ...event }: z.infer<typeof eventSchemas.recognized>) {
  const { engine: _engine, timings: _timings, ...rest } = data
  return { ...event, time: undefined, data: rest }
}

describe('an event with a document', () => {
  it('has the result of the example, when it is the example', async (t) => {
    const gateway = await gatewayFor(t)
    const headers = { 'content-type': 'application/cloudevents+json' }
    const answer = await send(gateway, {
      method: 'POST',
      headers,
      body: JSON.stringify(submittedExample),
    })
    const event = eventSchemas.recognized.parse(await answer.json())
    assert.deepEqual(timeless(event), timeless(eventSchemas.recognized.parse(recognizedExample)))
  })

  it('is answered in its mode with text, words and boxes, by the same id whenever it is read', async (t) => {
    // Nothing is remembered so long that the event is not read each time.
    const gateway = await gatewayFor(t, { OCR_REMEMBERED_MS: '1' })
    const before = await readingsBy(gateway)
    const ids = new Set<string>()
    for (const mode of modes) {
      const answer = await send(gateway, messageOf(submitted({ id: 'same' }, image), mode))
      const isStructured = /cloudevents/.test(answer.headers.get('content-type') ?? '')
      assert.equal(isStructured, mode === 'structured')
      const event = await replyIn(answer)
      ids.add(event.id)
      assert.deepEqual([event.type, event['causationid']], [eventTypes.recognized, 'same'])
      const { text, pages } = answerSchemas.words.parse(event.data)
      assert.equal(text, 'Total 12.50')
      const words = pages
        .flatMap(({ blocks }) => blocks)
        .flatMap(({ paragraphs }) => paragraphs)
        .flatMap(({ lines }) => lines)
        .flatMap((line) => line.words)
      assert.deepEqual(
        words.map((word) => word.text),
        ['Total', '12.50'],
      )
      const [page = assert.fail()] = pages
      for (const { box } of words) {
        assert.ok(box.x > 0 && box.x + box.width < page.width, JSON.stringify(box))
        assert.ok(box.y > 0 && box.y + box.height < page.height, JSON.stringify(box))
      }
    }
    assert.equal(ids.size, 1)
    assert.equal((await readingsBy(gateway)) - before, modes.length)
  })

  it('has every page of a PDF in its answer, and its subject, whatever letters it has', async (t) => {
    const gateway = await gatewayFor(t)
    const pages = await Promise.all(sentences.slice(0, 3).map((sentence) => renderText(sentence)))
    const pdf = new Uint8Array(await pdfOf(pages))
    const subject = 'Straße 5 – 100 % "漢字".pdf'
    for (const mode of modes) {
      // The SDK leaves the encoding of headers to its users.
      const encode = mode === 'binary' ? encodeURIComponent : String
      const attributes = { id: mode, subject: encode(subject), datacontenttype: 'application/pdf' }
      const event = await replyIn(await send(gateway, messageOf(submitted(attributes, pdf), mode)))
      const data = recognizedDataSchema.parse(event.data)
      assert.deepEqual(
        data.pages.map(({ text }) => text),
        sentences.slice(0, 3),
      )
      const decode = mode === 'binary' ? decodeURIComponent : String
      assert.equal(decode(event.subject ?? ''), subject)
    }
  })

  it('is read once when it comes ten times side by side, and again', async (t) => {
    const gateway = await gatewayFor(t)
    const before = await readingsBy(gateway)
    const sendIt = async () => (await replyIn(await sendDocument(gateway, 'ten times'))).id
    const ids = await Promise.all(Array.from({ length: 10 }, sendIt))
    ids.push(await sendIt())
    assert.equal(new Set(ids).size, 1)
    assert.equal((await readingsBy(gateway)) - before, 1)
  })

  it('needs a key or none, as the settings say', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'ocr-events-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const keys = join(folder, 'keys')
    writeFileSync(keys, `someone ${createHash('sha256').update('ocr_key').digest('hex')}\n`)
    const settings = { OCR_ACCESS: 'keys', OCR_KEYS_FILE: keys }
    const open = await gatewayFor(t, settings)
    await recognizedIn(await sendDocument(open, 'without a key'))
    assert.equal((await fetch(`${open.url}/v1/ocr`, { method: 'POST', body: image })).status, 401)

    const guarded = await gatewayFor(t, { ...settings, OCR_EVENTS: 'keys' })
    assert.equal(await problemIn(await sendDocument(guarded, 'a')), '401 unauthorized')
    const { headers, ...rest } = messageOf(submitted({ id: 'a' }, image))
    const withKey = { ...rest, headers: { ...headers, authorization: 'Bearer ocr_key' } }
    await recognizedIn(await send(guarded, withKey))
  })
})
