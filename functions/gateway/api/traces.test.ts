import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { OcrError } from '../../contract/errors.ts'
import { observeFetch } from '../claim/observed-fetch.ts'
import type { OutgoingEvent } from '../events/outgoing-event.ts'
import { answering, failing, fileIn, gateway } from '../fixtures/gateway.ts'
import { recordedTraces } from '../fixtures/recorded-traces.ts'
import { resultOf } from '../fixtures/results.ts'

const [ofCaller, ofEvent] = ['1', '3'].map(
  (digit) => `00-${digit.repeat(32)}-${'2'.repeat(16)}-01`,
) as [string, string]
const traceIdOf = (traceparent: unknown) => String(traceparent).split('-')[1]
const damaged = new OcrError('undecodable_image', 'It is cut off.')

function traced(changes: Parameters<typeof gateway>[0] = {}) {
  const traces = recordedTraces()
  return { ...traces, ...gateway({ tracing: traces.tracing, ...changes }) }
}

describe('the trace of a request', () => {
  it('goes on from its caller to what is asked of the model', async () => {
    const { request, asked, spans } = traced()
    await request('/v1/ocr', fileIn({ traceparent: ofCaller }))
    const [server] = spans
    assert.partialDeepStrictEqual(server, { kind: 'server', name: 'POST /v1/ocr', ends: 1 })
    assert.equal(server?.parent, ofCaller)
    assert.equal(asked[0]?.call.headers['traceparent'], server.headers.traceparent)
    assert.equal(spans.length, 1)
  })

  it('ends with the last line of an answer in lines, and by what failed there', async () => {
    const recognize = async function* recognize() {
      yield { type: 'start', pageCount: 1, numbers: [1] } as const
      throw damaged
    }
    const { request, spans } = traced({ recognize })
    const response = await request('/v1/ocr?format=ndjson', fileIn())
    await response.text()
    assert.deepEqual([spans[0]?.ends, spans[0]?.error], [1, 'undecodable_image'])
  })

  for (const [what, recognize, error] of [
    ['is read', () => resultOf([1]), undefined],
    ['cannot be read', () => Promise.reject(damaged), 'undecodable_image'],
  ] as const) {
    it(`has a span that ends when a document that nobody waits for ${what}`, async () => {
      const finish = Promise.withResolvers<void>()
      const sent: OutgoingEvent[] = []
      const reserve = () => ({
        signal: new AbortController().signal,
        send: (event: OutgoingEvent) => void sent.push(event),
        [Symbol.dispose]: () => undefined,
      })
      const { request, asked, spans, spanNamed } = traced({
        reserve,
        recognize: answering(async () => {
          await finish.promise
          return recognize()
        }),
      })
      await request('/v1/ocr?async=true', fileIn({ traceparent: ofCaller }))
      const later = spanNamed('read document later')
      assert.deepEqual([spans[0]?.ends, later.ends], [1, 0])
      assert.equal(later.parent, spans[0]?.headers.traceparent)
      assert.equal(asked[0]?.call.headers['traceparent'], later.headers.traceparent)
      finish.resolve()
      while (later.ends === 0) await turn()
      assert.deepEqual([later.ends, later.error], [1, error])
      assert.equal(traceIdOf(sent[0]?.extensions['traceparent']), traceIdOf(ofCaller))
    })
  }
})

describe('the trace of an event', () => {
  const event = (change: Record<string, string> = {}): RequestInit => ({
    method: 'POST',
    body: 'image bytes',
    headers: {
      'content-type': 'image/png',
      prefer: 'reply',
      'ce-specversion': '1.0',
      'ce-type': 'dev.ocr.document.submitted',
      'ce-source': '/scans',
      'ce-id': '1',
      traceparent: ofCaller,
      ...change,
    },
  })
  const open = (changes: Parameters<typeof gateway>[0] = {}) =>
    traced({ ...changes, eventRules: { events: 'open', ...changes.eventRules } })

  it('goes on through the gateway to the model and to the result, linked to the request', async () => {
    const { request, asked, spans, spanNamed } = open()
    const response = await request('/events', event({ 'ce-traceparent': ofEvent }))
    assert.equal(response.status, 200)
    const work = spanNamed('process event')
    assert.partialDeepStrictEqual(work, { kind: 'consumer', ends: 1, error: undefined })
    assert.equal(work.parent, ofEvent)
    assert.equal(work.link, spans[0]?.headers.traceparent)
    assert.equal(spans[0]?.parent, ofCaller)
    assert.equal(asked[0]?.call.headers['traceparent'], work.headers.traceparent)
    assert.equal(response.headers.get('ce-traceparent'), work.headers.traceparent)
  })

  it('is that of the request where the event has none', async () => {
    const { request, asked, spans } = open()
    const response = await request('/events', event())
    assert.equal(spans.length, 1)
    const { traceparent } = spans[0]?.headers ?? {}
    assert.equal(asked[0]?.call.headers['traceparent'], traceparent)
    assert.equal(response.headers.get('ce-traceparent'), traceparent)
  })

  it('has the fetch of its document in it', async () => {
    const { tracing, spanNamed } = recordedTraces()
    const onFetch = () => undefined
    const fetchDocument = observeFetch(async () => Buffer.from('x'), { tracing, onFetch })
    const { request } = open({ tracing, fetchDocument })
    const init = event({ 'ce-traceparent': ofEvent, 'ce-dataref': 'https://host/a.png' })
    await request('/events', { ...init, body: '' })
    assert.equal(spanNamed('fetch document').parent, spanNamed('process event').headers.traceparent)
  })

  for (const [what, changes, error] of [
    ['is told by its status', { recognize: failing(damaged) }, 'undecodable_image'],
    [
      'is told by an event',
      { recognize: failing(damaged), eventRules: { eventFailures: 'reply' } },
      'undecodable_image',
    ],
    [
      'may pass',
      { recognize: failing(new OcrError('model_unavailable', 'Not there.')) },
      'model_unavailable',
    ],
  ] as const) {
    it(`ends with a failure that ${what}`, async () => {
      const { request, spanNamed } = open(changes)
      await request('/events', event({ 'ce-traceparent': ofEvent }))
      const { ends, error: kind } = spanNamed('process event')
      assert.deepEqual([ends, kind], [1, error])
    })
  }

  it('ends with a failure of an event that asks for nothing that there is', async () => {
    const { request, spanNamed } = open()
    await request('/events', event({ 'ce-traceparent': ofEvent, 'ce-ocrpsm': '99' }))
    assert.equal(spanNamed('process event').error, 'invalid_request')
  })
})
