import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { problemSchema } from '../../contract/answers.ts'
import { OcrError } from '../../contract/errors.ts'
import { eventSchemas, eventTypes, recognizedDataSchema } from '../../contract/events.ts'
import jsonEvent from '../../contract/examples/submitted-event.json' with { type: 'json' }
import imageEvent from '../../contract/examples/submitted-image-event.json' with { type: 'json' }
import referenceEvent from '../../contract/examples/submitted-reference-event.json' with {
  type: 'json',
}
import { createAdmission } from '../../platform/admission.ts'
import type { OutgoingEvent } from '../events/outgoing-event.ts'
import { answering, failing, gateway, reading, unavailable } from '../fixtures/gateway.ts'
import { resultOf } from '../fixtures/results.ts'

const attributes = {
  specversion: '1.0',
  type: eventTypes.submitted,
  source: '/scans',
  id: '1',
  subject: 'Straße 5.png',
}
const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`
const reply = { prefer: 'reply' }
const image = Buffer.from('image bytes')

function binary(change: Record<string, string> = {}, body: string | Uint8Array = image) {
  const headers: Record<string, string> = { 'content-type': 'image/png', ...reply }
  for (const [name, value] of Object.entries({ ...attributes, ...change })) {
    const isAttribute = name in attributes || /^ocr|^dataref$|^traceparent$/.test(name)
    headers[isAttribute ? `ce-${name}` : name] = isAttribute ? encodeURIComponent(value) : value
  }
  return { method: 'POST', headers, body: Buffer.from(body) }
}
const structured = (change: object = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/cloudevents+json', ...reply },
  body: JSON.stringify({ ...attributes, data_base64: image.toString('base64'), ...change }),
})

const open = (changes: Parameters<typeof gateway>[0] = {}) =>
  gateway({ ...changes, eventRules: { events: 'open', ...changes.eventRules } })

describe('POST /events', () => {
  it('answers an event in binary mode with one', async () => {
    const { request, asked, admission } = open()
    const options = { ocrlang: 'deu', ocrpictures: 'true' }
    const response = await request('/events', binary({ ...options, traceparent }))
    assert.equal(response.status, 200)
    const data = recognizedDataSchema.parse(await response.json())
    assert.deepEqual([data.text, data.detail, data.truncated], ['page 1', 'words', false])
    const { headers } = response
    const attributeOf = (name: string) => headers.get(`ce-${name}`)
    assert.equal(headers.get('content-type'), 'application/json')
    assert.equal(attributeOf('type'), eventTypes.recognized)
    assert.equal(attributeOf('subject'), 'Stra%C3%9Fe%205.png')
    assert.equal(attributeOf('causationid'), '1')
    assert.equal(attributeOf('traceparent'), traceparent)
    assert.deepEqual(asked[0]?.request.options, { lang: 'deu' })
    assert.deepEqual(asked[0]?.request.image, new Uint8Array(image))
    assert.equal(asked[0]?.call.headers['traceparent'], traceparent)
    assert.equal(admission.admitted, 0)
  })

  it('answers an event in structured mode with one', async () => {
    const { request, asked } = open()
    const response = await request('/events', structured({ ocrpsm: 6 }))
    assert.match(response.headers.get('content-type') ?? '', /^application\/cloudevents\+json/)
    const event = eventSchemas.recognized.parse(await response.json())
    assert.equal(event.subject, attributes.subject)
    assert.deepEqual(asked[0]?.request.options, { psm: 6 })
  })

  for (const [name, example] of Object.entries({
    image: imageEvent,
    json: jsonEvent,
    reference: referenceEvent,
  })) {
    it(`takes the example of an event with its document as ${name}`, async () => {
      const { request, asked } = open({ fetchDocument: async () => image })
      const response = await request('/events', { ...structured(), body: JSON.stringify(example) })
      const { causationid } = eventSchemas.recognized.parse(await response.json())
      assert.equal(causationid, example.id)
      assert.ok(asked[0])
    })
  }

  for (const prefer of [undefined, 'respond-async', 'replying']) {
    it(`answers without a body when the caller prefers ${prefer}`, async () => {
      const { headers, ...rest } = binary()
      const { prefer: _, ...others } = headers
      const init = { ...rest, headers: { ...others, ...(prefer && { prefer }) } }
      const response = await open().request('/events', init)
      assert.deepEqual([response.status, await response.text()], [202, ''])
      assert.equal(response.headers.get('ce-type'), null)
    })
  }

  it('answers with an event whenever the settings say so, or the caller among other wishes', async () => {
    const always = open({ eventRules: { eventReplies: 'always' } })
    const unasked = await always.request('/events', binary({ prefer: 'wait=10' }))
    assert.equal(unasked.headers.get('ce-type'), eventTypes.recognized)
    const asked = await open().request('/events', binary({ prefer: 'wait=10, Reply' }))
    assert.equal(asked.headers.get('ce-type'), eventTypes.recognized)
  })

  it('sends a result that nobody waits for to the sink, before it says that all is done', async () => {
    const sent: OutgoingEvent[] = []
    const { request } = open({ sendResult: async (event) => void sent.push(event) })
    await request('/events', binary())
    assert.equal(sent.length, 0)
    await request('/events', binary({ prefer: '' }))
    assert.deepEqual(
      sent.map(({ type }) => type),
      [eventTypes.recognized],
    )
  })

  it('is to be tried again when the sink cannot be reached', async () => {
    const sendResult = () => Promise.reject(new OcrError('sink_unavailable', 'Not there.'))
    const response = await open({ sendResult }).request('/events', binary({ prefer: '' }))
    assert.equal(response.status, new OcrError('sink_unavailable', '').status)
  })

  it('takes events of the type that the settings name, and of no other', async () => {
    const { request } = open({ eventRules: { eventType: 'com.example.scan' } })
    assert.equal((await request('/events', binary({ type: 'com.example.scan' }))).status, 200)
    const other = await request('/events', binary())
    const { code, detail } = problemSchema.parse(await other.json())
    assert.equal(code, 'invalid_request')
    assert.match(detail, /type com\.example\.scan/)
  })

  it('is not there unless the settings say so', async () => {
    assert.equal((await gateway().request('/events', binary())).status, 404)
  })

  it('asks for a key or not, as the settings say', async () => {
    const access = {
      enter: () => Promise.reject(new OcrError('unauthorized', 'Show a key.')),
    }
    assert.equal((await open({ access }).request('/events', binary())).status, 200)
    const guarded = gateway({ access, eventRules: { events: 'keys' } })
    assert.equal((await guarded.request('/events', binary())).status, 401)
  })

  it('fetches a document that is elsewhere', async () => {
    const fetched: string[] = []
    const { request, asked } = open({
      fetchDocument: async (reference) => {
        fetched.push(reference)
        return image
      },
    })
    const init = binary({ dataref: 'https://host/a.png', 'content-type': '' }, '')
    assert.equal((await request('/events', init)).status, 200)
    assert.deepEqual(fetched, ['https://host/a.png'])
    assert.equal(asked[0]?.request.image, image)
  })
})

describe('a document that can never be read', () => {
  const damaged = failing(new OcrError('undecodable_image', 'It is cut off.'))

  for (const [what, error, status] of [
    ['damaged', new OcrError('undecodable_image', ''), 422],
    ['too large', new OcrError('payload_too_large', ''), 413],
    ['of another type', new OcrError('unsupported_media', ''), 415],
    ['in an unknown language', new OcrError('unknown_language', ''), 400],
    ['what kills engines', new OcrError('engine_crashed', ''), 422],
  ] as const) {
    it(`is answered with ${status} when it is ${what}, which no broker tries again`, async () => {
      const response = await open({ recognize: failing(error) }).request('/events', binary())
      assert.equal(response.status, status)
      assert.equal(response.headers.get('content-type'), 'application/problem+json')
      assert.equal(response.headers.get('ce-type'), null)
    })
  }

  it('is an event as well, where the settings say so', async () => {
    const { request } = open({ recognize: damaged, eventRules: { eventFailures: 'reply' } })
    const response = await request('/events', structured())
    assert.equal(response.status, 200)
    const event = eventSchemas.failed.parse(await response.json())
    assert.deepEqual([event.data.code, event.subject], ['undecodable_image', attributes.subject])
  })

  it('is told by its status where nobody would hear of the event', async () => {
    const { request } = open({ recognize: damaged, eventRules: { eventFailures: 'reply' } })
    assert.equal((await request('/events', binary({ prefer: '' }))).status, 422)
  })

  it('is told to the sink where nobody wants a reply', async () => {
    const sent: OutgoingEvent[] = []
    const { request } = open({
      recognize: damaged,
      eventRules: { eventFailures: 'reply' },
      sendResult: async (event) => void sent.push(event),
    })
    assert.equal((await request('/events', binary({ prefer: '' }))).status, 202)
    assert.equal(sent[0]?.type, eventTypes.failed)
  })

  for (const kind of ['reference_refused', 'unknown_language'] as const) {
    it(`is read again after ${kind}, which somebody may have mended`, async () => {
      const { request, asked } = open({ recognize: failing(new OcrError(kind, 'Not here.')) })
      for (const time of [1, 2]) {
        assert.ok((await request('/events', binary())).status < 500)
        assert.equal(asked.length, time)
      }
    })
  }

  it('is not read again when it comes again', async () => {
    const { request, asked } = open({ recognize: damaged })
    for (let time = 0; time < 3; time++) {
      assert.equal((await request('/events', binary())).status, 422)
    }
    assert.equal(asked.length, 1)
  })
})

describe('what may pass', () => {
  for (const [kind, status] of [
    ['overloaded', 429],
    ['model_unavailable', 503],
    ['deadline_exceeded', 504],
    ['bad_upstream', 502],
    ['internal', 500],
  ] as const) {
    it(`is answered with ${status} when it is ${kind}, and read when the event comes again`, async () => {
      const error = new OcrError(kind, 'Later.', { retryAfterSeconds: 3 })
      let isPassed = false
      const recognize = answering(async () => {
        if (!isPassed) throw error
        return resultOf([1])
      })
      const { request } = open({ recognize, eventRules: { eventFailures: 'reply' } })
      const response = await request('/events', binary())
      assert.equal(response.status, status)
      assert.equal(response.headers.get('retry-after'), '3')
      isPassed = true
      assert.equal((await request('/events', binary())).status, 200)
    })
  }

  it('is that all places are taken', async () => {
    const admission = createAdmission({ limit: 1 })
    const { request } = open({ admission })
    {
      using _place = admission.admit()
      const response = await request('/events', binary())
      assert.equal(response.status, 429)
      assert.match(response.headers.get('retry-after') ?? '', /^\d+$/)
    }
    assert.equal((await request('/events', binary())).status, 200)
  })

  it('is told of the same way for a document that is elsewhere', async () => {
    const fetchDocument = () => Promise.reject(unavailable)
    const { request } = open({ fetchDocument })
    assert.equal((await request('/events', binary({ dataref: 'https://h/a' }, ''))).status, 503)
  })
})

describe('the trace of a result', () => {
  const [own, other] = [traceparent, traceparent.replaceAll('1', '3')]
  for (const [what, given, headers, expected] of [
    ['of the event', { traceparent: own }, { traceparent: other, tracestate: 'a=b' }, [own, null]],
    [
      'of the request where the event has none',
      {},
      { traceparent: other, tracestate: 'a=b' },
      [other, 'a=b'],
    ],
    [
      'of the request where that of the event is none',
      { traceparent: 'x' },
      { traceparent: other },
      [other, null],
    ],
  ] as const) {
    it(`is that ${what}`, async () => {
      const { request, asked } = open()
      const init = binary(given)
      const response = await request('/events', {
        ...init,
        headers: { ...init.headers, ...headers },
      })
      const names = ['ce-traceparent', 'ce-tracestate']
      assert.deepEqual(
        names.map(
          (name) =>
            response.headers.get(name) && decodeURIComponent(response.headers.get(name) ?? ''),
        ),
        expected,
      )
      assert.equal(asked[0]?.call.headers['traceparent'], expected[0])
    })
  }

  it('is without a state that no header can hold', async () => {
    const { request } = open()
    const init = structured({ traceparent, tracestate: 'ü\n' })
    const event = eventSchemas.recognized.parse(await (await request('/events', init)).json())
    assert.deepEqual([event['traceparent'], event['tracestate']], [traceparent, undefined])
  })
})

describe('an event that comes again', () => {
  it('has time of its own for whoever waits, when the first one no longer does', async () => {
    const started = Promise.withResolvers<void>()
    const finish = Promise.withResolvers<void>()
    const recognize = answering(async () => {
      started.resolve()
      await finish.promise
      return resultOf([1])
    })
    const { request, asked } = open({ recognize })
    const gone = new AbortController()
    const first = request('/events', { ...binary(), signal: gone.signal })
    await started.promise
    const second = request('/events', binary())
    await new Promise((resolve) => setTimeout(resolve, 20))
    gone.abort()
    assert.notEqual((await first).status, 200)
    assert.equal(asked[0]?.call.signal.aborted, false)
    finish.resolve()
    assert.equal((await second).status, 200)
    assert.equal(asked.length, 1)
  })

  it('is read again when its result was not complete', async () => {
    const incomplete = resultOf([1])
    const document = { ...incomplete.document, complete: false }
    const { request, asked } = open({
      recognize: answering(async () => ({ ...incomplete, document })),
    })
    await request('/events', binary())
    await request('/events', binary())
    assert.equal(asked.length, 2)
  })

  const idOf = (response: Response) => response.headers.get('ce-id')

  it('is read once, ten times side by side and later, and has one result', async () => {
    const { request, asked } = open()
    const responses = await Promise.all(
      Array.from({ length: 10 }, () => request('/events', binary())),
    )
    responses.push(await request('/events', binary()))
    assert.equal(asked.length, 1)
    assert.equal(new Set(responses.map(idOf)).size, 1)
    const bodies = await Promise.all(responses.map((response) => response.text()))
    assert.equal(new Set(bodies).size, 1)
  })

  it('is refused when it is not valid itself', async () => {
    const { request } = open()
    assert.equal((await request('/events', structured())).status, 200)
    assert.equal((await request('/events', structured({ dataref: false }))).status, 400)
  })

  it('may come in the other mode', async () => {
    const { request, asked } = open()
    const first = await request('/events', binary())
    const second = eventSchemas.recognized.parse(
      await (await request('/events', structured())).json(),
    )
    assert.equal(second.id, idOf(first))
    assert.equal(asked.length, 1)
  })

  for (const change of [{ id: '2' }, { source: '/other' }]) {
    it(`is another one with ${JSON.stringify(change)}`, async () => {
      const { request, asked } = open()
      const responses = [
        await request('/events', binary()),
        await request('/events', binary(change)),
      ]
      assert.equal(asked.length, 2)
      assert.equal(new Set(responses.map(idOf)).size, 2)
    })
  }

  it('has a result of its own for every key, which nobody else can fetch by its id', async () => {
    let caller = 'alice'
    const access = {
      enter: async () => ({ caller, key: caller, [Symbol.dispose]: () => undefined }),
    }
    const { request, asked } = gateway({ access, eventRules: { events: 'keys' } })
    await request('/events', binary())
    caller = 'bob'
    await request('/events', binary())
    assert.equal(asked.length, 2)
  })
})

describe('a message that is no event of ours', () => {
  for (const [what, init, status] of [
    ['without an id', binary({ id: '' }), 400],
    ['of another version', binary({ specversion: '0.3' }), 400],
    ['of another type', structured({ type: 'x' }), 400],
    ['without data', structured({ data_base64: null }), 400],
    ['of JSON that is none', { ...structured(), body: '{' }, 400],
    ['of several events', { ...structured(), headers: batch() }, 415],
    ['beyond the limit', binary({}, Buffer.alloc(1_000_001)), 413],
    ['beyond the limit as base64', structured({ data_base64: 'A'.repeat(1_334_000) }), 413],
  ] as const) {
    it(`${what} is answered with ${status}`, async () => {
      const { request, asked } = open({ recognize: reading(1) })
      const response = await request('/events', init)
      assert.equal(response.status, status)
      assert.equal(problemSchema.parse(await response.json()).status, status)
      assert.equal(asked.length, 0)
    })
  }

  function batch() {
    return { 'content-type': 'application/cloudevents-batch+json' }
  }
})
