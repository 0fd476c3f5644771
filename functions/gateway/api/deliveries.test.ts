import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { problemSchema } from '../../contract/answers.ts'
import { OcrError } from '../../contract/errors.ts'
import { eventTypes, recognizedDataSchema } from '../../contract/events.ts'
import type { OutgoingEvent } from '../events/outgoing-event.ts'
import { answering, failing, fileIn, gateway, reading, unavailable } from '../fixtures/gateway.ts'
import { resultOf } from '../fixtures/results.ts'

const damaged = new OcrError('undecodable_image', 'It is cut off.')

/** A sink that takes whatever comes, and counts the places that are not given back. */
function sink() {
  const sent: OutgoingEvent[] = []
  const stop = new AbortController()
  const places = { held: 0 }
  const reserve = () => {
    places.held++
    let isHeld = true
    const giveBack = () => {
      if (isHeld) places.held--
      isHeld = false
    }
    const send = (event: OutgoingEvent) => {
      sent.push(event)
      giveBack()
    }
    return { signal: stop.signal, send, [Symbol.dispose]: giveBack }
  }
  return { sent, places, stop, reserve }
}

/** Waits until a result is there, as a client would. */
async function resultAt(
  request: (path: string) => Promise<Response>,
  location: string,
): Promise<Response> {
  for (;;) {
    const response = await request(location)
    if (response.status !== 202) return response
    assert.equal(response.headers.get('location'), location)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('POST /v1/ocr?notify=true', () => {
  for (const format of ['json', 'text', 'ndjson']) {
    it(`answers in ${format}, and sends the result to the sink as well`, async () => {
      const { reserve, sent, places } = sink()
      const { request } = gateway({ reserve, recognize: reading(2) })
      const init = fileIn({ 'x-request-id': 'r1' })
      const response = await request(`/v1/ocr?notify=true&format=${format}`, init)
      assert.equal(response.status, 200)
      assert.match(await response.text(), /page 2/)
      const [event] = sent
      assert.equal(event?.type, eventTypes.recognized)
      assert.equal(event?.source, '/ocr-gateway')
      assert.equal(event?.extensions['correlationid'], 'r1')
      assert.equal(recognizedDataSchema.parse(JSON.parse(event?.data ?? '')).pages.length, 2)
      assert.deepEqual([sent.length, places.held], [1, 0])
    })
  }

  it('sends a failure that is final, and none after which the document comes again', async () => {
    for (const [error, types] of [
      [damaged, [eventTypes.failed]],
      [unavailable, []],
    ] as const) {
      const { reserve, sent, places } = sink()
      const { request } = gateway({ reserve, recognize: failing(error) })
      const response = await request('/v1/ocr?notify=true', fileIn())
      assert.equal(response.status, error.status)
      assert.deepEqual(
        sent.map(({ type }) => type),
        types,
      )
      assert.equal(places.held, 0)
    }
  })

  it('sends the result although the caller has it already', async () => {
    const { reserve, sent } = sink()
    const { request } = gateway({ reserve })
    const etag = (await request('/v1/ocr', fileIn())).headers.get('etag') ?? ''
    const init = fileIn({ 'if-none-match': etag })
    assert.equal((await request('/v1/ocr', init)).status, 304)
    assert.equal((await request('/v1/ocr?notify=true', init)).status, 200)
    assert.equal(sent.length, 1)
  })

  it('is refused with what the outbox says when it has no room, and nothing is read', async () => {
    const reserve = () => {
      throw new OcrError('overloaded', 'Too many results wait.', { retryAfterSeconds: 2 })
    }
    const { request, asked } = gateway({ reserve })
    const response = await request('/v1/ocr?notify=true', fileIn())
    assert.equal(response.status, 429)
    assert.equal(response.headers.get('retry-after'), '2')
    assert.equal(asked.length, 0)
  })

  it('leaves nothing held when nobody takes its lines', async () => {
    const { reserve, sent, places } = sink()
    const { request, admission } = gateway({ reserve, recognize: reading(3) })
    const response = await request('/v1/ocr?notify=true&format=ndjson', fileIn())
    await response.body?.cancel()
    assert.deepEqual([sent.length, places.held, admission.admitted], [0, 0, 0])
  })
})

describe('POST /v1/ocr?async=true', () => {
  const lookUp = { method: 'GET' }

  it('answers at once, and has the result at the place that it names and in the sink', async () => {
    const { reserve, sent, places } = sink()
    const finish = Promise.withResolvers<void>()
    const recognize = answering(async () => {
      await finish.promise
      return resultOf([1])
    })
    const { request, admission, held } = gateway({ reserve, recognize })
    const response = await request('/v1/ocr?async=true&detail=lines', fileIn())
    assert.equal(response.status, 202)
    const location = response.headers.get('location') ?? ''
    const { id, status } = JSON.parse(await response.text())
    assert.deepEqual([location, status], [`/v1/results/${id}`, 'running'])
    assert.deepEqual([admission.admitted, held.visits, places.held], [1, 1, 1])
    const early = await request(location, lookUp)
    assert.deepEqual([early.status, early.headers.get('retry-after')], [202, '1'])

    finish.resolve()
    const result = await resultAt((path) => request(path, lookUp), location)
    assert.equal(result.status, 200)
    const data = recognizedDataSchema.parse(await result.json())
    assert.equal(data.detail, 'lines')
    assert.deepEqual(JSON.parse(sent[0]?.data ?? ''), data)
    assert.equal(sent[0]?.extensions['causationid'], id)
    assert.deepEqual([admission.admitted, held.visits, places.held], [0, 0, 0])
  })

  it('waits for a model that is away, since nobody sends the document again', async () => {
    const { reserve, sent } = sink()
    let attempts = 0
    const recognize = answering(async () => {
      if (++attempts === 1)
        throw new OcrError('model_unavailable', 'Away.', { retryAfterSeconds: 1 })
      return resultOf([1])
    })
    const { request } = gateway({ reserve, recognize })
    const response = await request('/v1/ocr?async=true', fileIn())
    const location = response.headers.get('location') ?? ''
    const result = await resultAt((path) => request(path, lookUp), location)
    assert.equal(result.status, 200)
    assert.deepEqual([attempts, sent[0]?.type], [2, eventTypes.recognized])
  })

  for (const error of [
    damaged,
    new OcrError('bad_upstream', 'Odd.', { retryAfterSeconds: 9 }),
    new Error('bug'),
  ]) {
    it(`tells the sink, and who asks, that it failed of ${error}`, async () => {
      const { reserve, sent, places } = sink()
      const { request, admission } = gateway({ reserve, recognize: failing(error) })
      const response = await request('/v1/ocr?async=true', fileIn())
      const location = response.headers.get('location') ?? ''
      const result = await resultAt((path) => request(path, lookUp), location)
      const { code } = problemSchema.parse(await result.json())
      assert.equal(result.headers.get('retry-after'), null)
      assert.equal(sent[0]?.type, eventTypes.failed)
      assert.equal(problemSchema.parse(JSON.parse(sent[0]?.data ?? '')).code, code)
      assert.deepEqual([sent.length, places.held, admission.admitted], [1, 0, 0])
    })
  }

  it('goes on when the caller has gone, and ends when nothing can be sent any more', async () => {
    const { reserve, stop, places } = sink()
    const ended = Promise.withResolvers<unknown>()
    const client = new AbortController()
    const { request, asked } = gateway({
      reserve,
      async *recognize(_request, { signal }) {
        signal.addEventListener('abort', () => ended.resolve(signal.reason))
        yield { type: 'start', pageCount: 1, numbers: [1] }
        throw await ended.promise
      },
    })
    const init = { ...fileIn(), signal: client.signal }
    assert.equal((await request('/v1/ocr?async=true', init)).status, 202)
    client.abort()
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal(asked[0]?.call.signal.aborted, false)
    const reason = new OcrError('not_ready', 'Stopping.')
    stop.abort(reason)
    assert.equal(await ended.promise, reason)
    while (places.held > 0) await new Promise((resolve) => setImmediate(resolve))
  })

  it('has no other format than JSON', async () => {
    const { reserve, places } = sink()
    const { request } = gateway({ reserve })
    const response = await request('/v1/ocr?async=true&format=text', fileIn())
    const { code, detail } = problemSchema.parse(await response.json())
    assert.equal(code, 'invalid_request')
    assert.match(detail, /leave out format/)
    assert.equal(places.held, 0)
  })

  it('keeps what it reads for a while only', async () => {
    const { reserve } = sink()
    const { request } = gateway({ reserve, eventRules: { rememberedMs: 1 } })
    const { headers } = await request('/v1/ocr?async=true', fileIn())
    const location = headers.get('location') ?? ''
    const statusOf = async () => (await request(location, lookUp)).status
    while ((await statusOf()) !== 404) await new Promise((resolve) => setTimeout(resolve, 2))
  })

  it('is refused by the query alone, before the file is sent', async () => {
    const body = () => new ReadableStream({ pull: (it) => it.error(new Error('it was read')) })
    const headers = { 'content-type': 'image/png' }
    const { reserve } = sink()
    for (const [changes, query] of [
      [{}, '?async=true'],
      [{ reserve }, '?async=true&format=pdf'],
    ] as const) {
      const init = { method: 'POST', headers, body: body(), duplex: 'half' as const }
      const response = await gateway(changes).request(`/v1/ocr${query}`, init)
      assert.equal(problemSchema.parse(await response.json()).code, 'invalid_request')
    }
  })

  it('has its result for whoever has the same key, and for no cache', async () => {
    const { reserve: place } = sink()
    const reserve = (caller?: string) => {
      assert.equal(caller, 'alice')
      return place()
    }
    let key = 'alice'
    const access = { enter: async () => ({ caller: key, key, [Symbol.dispose]: () => undefined }) }
    const { request } = gateway({ reserve, access })
    const { headers } = await request('/v1/ocr?async=true', fileIn())
    const location = headers.get('location') ?? ''
    const result = await resultAt((path) => request(path, lookUp), location)
    assert.deepEqual([result.status, result.headers.get('cache-control')], [200, 'no-store'])
    key = 'bob'
    assert.equal((await request(location, lookUp)).status, 404)
  })

  it('has the results of requests, and not those of events, whoever asks', async () => {
    const { request } = gateway({ eventRules: { events: 'open' } })
    const headers = {
      'ce-specversion': '1.0',
      'ce-type': eventTypes.submitted,
      'ce-source': '/s',
      'ce-id': '1',
    }
    assert.equal((await request('/events', { method: 'POST', headers, body: 'image' })).status, 202)
    for (const id of ['[null,"/s","1"]', 'event:[null,"/s","1"]', '["127.0.0.1","/s","1"]']) {
      const path = `/v1/results/${encodeURIComponent(id)}`
      assert.equal((await request(path, lookUp)).status, 404)
    }
  })

  it('has nothing under a name that it did not give', async () => {
    const response = await gateway().request('/v1/results/some-id', lookUp)
    assert.equal(problemSchema.parse(await response.json()).code, 'not_found')
  })
})

for (const option of ['notify', 'async']) {
  it(`${option} is refused without a sink, and nothing is read`, async () => {
    const { request, asked } = gateway()
    const response = await request(`/v1/ocr?${option}=true`, fileIn())
    const { code, detail } = problemSchema.parse(await response.json())
    assert.equal(code, 'invalid_request')
    assert.match(detail, /K_SINK/)
    assert.equal(asked.length, 0)
  })
}
