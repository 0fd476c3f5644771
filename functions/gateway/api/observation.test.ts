import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { OcrError } from '../../contract/errors.ts'
import { createAdmission } from '../../platform/admission.ts'
import { fakeReader, recognizeBy } from '../fixtures/fake-reader.ts'
import { answering, failing, fileIn, gateway, reading, unavailable } from '../fixtures/gateway.ts'
import { recordedLog } from '../fixtures/recorded-log.ts'
import { recordedMetrics } from '../fixtures/recorded-metrics.ts'
import { pdf, resultOf } from '../fixtures/results.ts'

/** A gateway whose metrics and log are looked at. */
function observed(changes: Parameters<typeof gateway>[0] = {}) {
  const { log, requests } = recordedLog()
  const { instruments, seriesOf } = recordedMetrics()
  return { ...gateway({ log, instruments, ...changes }), requests, seriesOf }
}

/** The facts in the line of the last request, without what every line has. */
function factsIn(requests: ReadonlyArray<Record<string, unknown>>) {
  const { level, time, msg, requestId, caller, method, route, ms, ...facts } = requests.at(-1) ?? {}
  assert.ok(Number(ms) >= 0)
  return facts
}

const incomplete = answering(async () => {
  const { document, timings } = resultOf([1, 2])
  return { document: { ...document, complete: false }, timings }
})
const damaged = new OcrError('undecodable_image', 'It is cut off.')

describe('a document that is read', () => {
  it('is counted by its size and the format of its answer', async () => {
    const { request, seriesOf } = observed()
    await request('/v1/ocr', fileIn())
    await request('/v1/ocr?format=tsv', fileIn())
    await request('/v1/ocr?format=ndjson', fileIn()).then((response) => response.text())
    assert.deepEqual(await seriesOf('ocr_document_size_bytes'), [
      'ocr_document_size_bytes_count{source="request"} 3',
    ])
    assert.deepEqual(await seriesOf('ocr_answers_total'), [
      'ocr_answers_total{format="json",complete="true"} 1',
      'ocr_answers_total{format="ndjson",complete="true"} 1',
      'ocr_answers_total{format="tsv",complete="true"} 1',
    ])
  })

  for (const format of ['json', 'ndjson']) {
    it(`is told in the log by numbers alone when it is answered in ${format}`, async () => {
      const { request, requests } = observed({ recognize: incomplete })
      const response = await request(`/v1/ocr?format=${format}&lang=deu`, fileIn())
      await response.text()
      assert.deepEqual(factsIn(requests()), {
        status: 200,
        format,
        bytes: 'image bytes'.length,
        pages: 2,
        complete: false,
        ...resultOf([1, 2]).timings,
      })
    })
  }

  it('is no answer when it cannot be read, but it was taken in', async () => {
    const { request, requests, seriesOf } = observed({ recognize: failing(damaged) })
    await request('/v1/ocr', fileIn())
    const { status } = damaged
    const error = 'undecodable_image'
    assert.deepEqual(factsIn(requests()), { status, error, format: 'json', bytes: 11 })
    assert.deepEqual(await seriesOf('ocr_answers_total'), [])
    assert.equal((await seriesOf('ocr_document_size_bytes')).length, 1)
    assert.deepEqual(await seriesOf('ocr_errors_total'), [
      'ocr_errors_total{error_type="undecodable_image"} 1',
    ])
  })

  it('is counted at its end when nobody waits for it', async () => {
    const finish = Promise.withResolvers<void>()
    const sent = Promise.withResolvers<void>()
    const recognize = answering(async () => {
      await finish.promise
      return resultOf([1])
    })
    const reserve = () => ({
      signal: new AbortController().signal,
      send: () => sent.resolve(),
      [Symbol.dispose]: () => undefined,
    })
    const { request, requests, seriesOf } = observed({ recognize, reserve })
    await request('/v1/ocr?async=true', fileIn())
    assert.equal(factsIn(requests())['format'], 'json')
    assert.deepEqual(await seriesOf('ocr_answers_total'), [])
    finish.resolve()
    await sent.promise
    assert.equal((await seriesOf('ocr_answers_total')).length, 1)
    assert.equal(requests().length, 1)
  })
})

describe('a request whose answer is in lines', () => {
  it('ends when the last line has been taken', async () => {
    const { request, requests, seriesOf } = observed({ recognize: reading(3) })
    const chunks = (await request('/v1/ocr?format=ndjson', fileIn())).body?.getReader()
    await chunks?.read()
    assert.deepEqual(requests(), [])
    assert.deepEqual(await seriesOf('http_server_active_requests'), [
      'http_server_active_requests 1',
    ])
    while (!(await chunks?.read())?.done);
    assert.equal(requests().length, 1)
    assert.deepEqual(await seriesOf('http_server_active_requests'), [
      'http_server_active_requests 0',
    ])
    assert.deepEqual(await seriesOf('http_server_request_duration_seconds'), [
      'http_server_request_duration_seconds_count{http_request_method="POST",http_route="/v1/ocr",http_response_status_code="200"} 1',
    ])
  })

  it('has failed, in the log and in the metrics, when it fails after its first line', async () => {
    const reader = fakeReader(5, () => {
      throw new OcrError('engine_crashed', 'The engine failed on this page.')
    })
    const { request, requests, seriesOf } = observed({ recognize: recognizeBy(reader) })
    const response = await request('/v1/ocr?format=ndjson', fileIn({}, pdf))
    assert.equal(response.status, 200)
    await response.text()
    assert.deepEqual(factsIn(requests()), {
      status: 200,
      error: 'engine_crashed',
      format: 'ndjson',
      bytes: pdf.length,
    })
    assert.deepEqual(await seriesOf('ocr_errors_total'), [
      'ocr_errors_total{error_type="engine_crashed"} 1',
    ])
    assert.deepEqual(await seriesOf('http_server_request_duration_seconds'), [
      'http_server_request_duration_seconds_count{http_request_method="POST",http_route="/v1/ocr",http_response_status_code="200",error_type="engine_crashed"} 1',
    ])
  })

  it('has failed when nobody takes its lines any more', async () => {
    const { request, requests, seriesOf } = observed({ recognize: reading(9) })
    await (await request('/v1/ocr?format=ndjson', fileIn())).body?.cancel()
    assert.equal(factsIn(requests())['error'], 'client_gone')
    assert.deepEqual(await seriesOf('ocr_answers_total'), [])
  })

  it('has failed when a line cannot be written', async () => {
    // Its JSON has itself in it.
    const circular: Record<string, unknown> = { code: 'none', message: 'None.', page: 1 }
    circular['self'] = circular
    const recognize = answering(async () => {
      const { document, timings } = resultOf([1])
      return { document: { ...document, warnings: [circular as never] }, timings }
    })
    const { request, requests } = observed({ recognize })
    await assert.rejects((await request('/v1/ocr?format=ndjson', fileIn())).text())
    assert.equal(factsIn(requests())['error'], 'internal')
  })
})

describe('an event', () => {
  const event = (id: string, headers: Record<string, string> = {}): RequestInit => ({
    method: 'POST',
    body: 'image bytes',
    headers: {
      'content-type': 'image/png',
      prefer: 'reply',
      'ce-specversion': '1.0',
      'ce-type': 'dev.ocr.document.submitted',
      'ce-source': '/scans',
      'ce-id': id,
      ...headers,
    },
  })
  const open = (changes: Parameters<typeof gateway>[0] = {}) =>
    observed({ ...changes, eventRules: { events: 'open', ...changes.eventRules } })
  const outcomes = (outcome: string, count = 1) => [
    `ocr_events_total{outcome="${outcome}"} ${count}`,
  ]

  it('is recognized, with its document by its size', async () => {
    const fetchDocument = async () => Buffer.alloc(20)
    const { request, requests, seriesOf } = open({ fetchDocument })
    await request('/events', event('1'))
    assert.deepEqual(factsIn(requests()), {
      status: 200,
      mode: 'binary',
      document: 'file',
      outcome: 'recognized',
    })
    const headers = {
      'content-type': 'application/cloudevents+json',
      prefer: 'reply',
    }
    const attributes = { specversion: '1.0', type: 'dev.ocr.document.submitted', source: '/s' }
    const body = JSON.stringify({ ...attributes, id: '2', dataref: 'https://host/secret.png' })
    await request('/events', { method: 'POST', headers, body })
    assert.deepEqual(factsIn(requests()), {
      status: 200,
      mode: 'structured',
      document: 'reference',
      outcome: 'recognized',
    })
    assert.deepEqual(await seriesOf('ocr_events_total'), outcomes('recognized', 2))
    assert.deepEqual(await seriesOf('ocr_document_size_bytes'), [
      'ocr_document_size_bytes_count{source="event"} 1',
      'ocr_document_size_bytes_count{source="reference"} 1',
    ])
  })

  for (const [what, changes] of [
    ['by its status', {}],
    ['by an event', { eventRules: { eventFailures: 'reply' } }],
  ] as const) {
    it(`has failed when its document can never be read, which is told ${what}`, async () => {
      const { request, requests, seriesOf } = open({ recognize: failing(damaged), ...changes })
      await request('/events', event('1'))
      assert.deepEqual(await seriesOf('ocr_events_total'), outcomes('failed'))
      const { outcome, error } = factsIn(requests())
      assert.deepEqual([outcome, error], ['failed', 'undecodable_image'])
    })
  }

  it('has failed when it is none of ours', async () => {
    const { request, requests, seriesOf } = open()
    await request('/events', event('1', { 'ce-type': 'other' }))
    assert.deepEqual(await seriesOf('ocr_events_total'), outcomes('failed'))
    assert.equal(factsIn(requests())['mode'], 'binary')
  })

  it('is to be tried again after what may pass, whether it is read, has no room or is not told', async () => {
    const full = createAdmission({ limit: 0 })
    const sendResult = () => Promise.reject(new OcrError('sink_unavailable', 'Not there.'))
    for (const changes of [
      { recognize: failing(unavailable) },
      { admission: full },
      { sendResult },
    ]) {
      const { request, requests, seriesOf } = open(changes)
      await request('/events', event('1', { prefer: '' }))
      assert.deepEqual(await seriesOf('ocr_events_total'), outcomes('retried'))
      assert.equal(factsIn(requests())['outcome'], 'retried')
    }
  })

  it('is a duplicate when it comes again, at the same time or later', async () => {
    const { request, seriesOf } = open()
    await request('/events', event('other'))
    assert.deepEqual(await seriesOf('ocr_event_duplicates_total'), ['ocr_event_duplicates_total 0'])
    await Promise.all(Array.from({ length: 3 }, () => request('/events', event('1'))))
    await request('/events', event('1'))
    assert.deepEqual(await seriesOf('ocr_event_duplicates_total'), ['ocr_event_duplicates_total 3'])
    assert.deepEqual(await seriesOf('ocr_events_total'), outcomes('recognized', 5))
    assert.deepEqual(await seriesOf('ocr_document_size_bytes'), [
      'ocr_document_size_bytes_count{source="event"} 2',
    ])
  })

  it('is not counted when its sender is not let in', async () => {
    const access = { enter: () => Promise.reject(new OcrError('unauthorized', 'Show a key.')) }
    const { request, seriesOf } = open({ access, eventRules: { events: 'keys' } })
    await request('/events', event('1'))
    assert.deepEqual(await seriesOf('ocr_events_total'), [])
  })
})

it('an answer that the caller has already is none that was read', async () => {
  const { request, requests, seriesOf } = observed()
  const etag = (await request('/v1/ocr', fileIn())).headers.get('etag') ?? ''
  assert.equal((await request('/v1/ocr', fileIn({ 'if-none-match': etag }))).status, 304)
  assert.deepEqual(factsIn(requests()), { status: 304, format: 'json', bytes: 11 })
  assert.deepEqual(await seriesOf('ocr_answers_total'), [
    'ocr_answers_total{format="json",complete="true"} 1',
  ])
})
