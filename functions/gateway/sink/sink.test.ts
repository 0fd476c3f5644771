import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import type { RequestListener } from 'node:http'
import { describe, it, type TestContext } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { HTTP } from 'cloudevents'
import { answering, inTurn, recordingServer, reset } from '../../../tests/services/http-server.ts'
import { OcrError } from '../../contract/errors.ts'
import { longestRetryAfterMs } from './failure.ts'
import { anEvent, sinkOptions, sinkTo } from './fixtures/sink.ts'
import { createSink, longestBackoffMs } from './sink.ts'

const gone = new OcrError('client_gone', 'Gone.')
const never: RequestListener = () => undefined
const { signal } = new AbortController()

const undelivered = (cause: RegExp) => (error: unknown) => {
  assert.ok(error instanceof OcrError)
  assert.equal(error.kind, 'sink_unavailable')
  assert.match(String(error.cause), cause)
  return true
}

async function receiving(t: TestContext, ...answers: RequestListener[]) {
  const receiver = await recordingServer(t, inTurn(...answers))
  return { receiver, url: `${receiver.origin}/ns/broker?a=b` }
}

describe('the sink', () => {
  it('gets the event in binary mode, as the SDK reads it', async (t) => {
    const { receiver, url } = await receiving(t, answering(202, ''))
    await sinkTo(t, url).send(anEvent({ subject: 'a.png' }), signal)
    const [{ request, body } = assert.fail()] = receiver.received
    assert.deepEqual([request.method, request.url], ['POST', '/ns/broker?a=b'])
    assert.equal(request.headers['content-length'], String(body.length))
    const read = HTTP.toEvent({ headers: request.headers, body: body.toString() })
    assert.ok(!Array.isArray(read))
    const { extensions, data, ...attributes } = anEvent({ subject: 'a.png' })
    assert.deepEqual(read.data, JSON.parse(data))
    for (const [name, value] of Object.entries({ ...attributes, ...extensions })) {
      assert.deepEqual(read[name], value)
    }
    assert.equal(read.datacontenttype, 'application/json')
  })

  it('gets attributes beyond ASCII percent-encoded', async (t) => {
    const { receiver, url } = await receiving(t, answering(202, ''))
    await sinkTo(t, url).send(anEvent(), signal)
    assert.equal(receiver.received[0]?.request.headers['ce-subject'], 'Stra%C3%9Fe%205%25.png')
  })

  it('gets the extensions of the overrides, which win over those of the event', async (t) => {
    const { receiver, url } = await receiving(t, answering(202, ''))
    const ceOverrides = '{"extensions":{"causationid":"theirs","tenant":"ä"}}'
    const extensions = { causationid: 'ours', other: 'o' }
    await sinkTo(t, url, { ceOverrides }).send(anEvent({ extensions }), signal)
    const headers = receiver.received[0]?.request.headers
    const sent = ['causationid', 'tenant', 'other', 'id'].map((name) => headers?.[`ce-${name}`])
    assert.deepEqual(sent, ['theirs', '%C3%A4', 'o', 'f00d-1'])
  })

  it('has taken the event with any 2xx, whatever its body, and is asked once', async (t) => {
    const endless: RequestListener = (_, response) => {
      response.writeHead(200)
      const more = () => response.write(Buffer.alloc(2 ** 16), more)
      more()
    }
    const broken: RequestListener = (_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('x', () => response.destroy())
    }
    const answers = [answering(200, 'an event?'), answering(204, ''), endless, broken]
    const { receiver, url } = await receiving(t, ...answers)
    const sink = sinkTo(t, url)
    for (const _ of answers) await sink.send(anEvent(), signal)
    assert.equal(receiver.received.length, answers.length)
    assert.deepEqual(sink.waits, [])
  })

  it('has taken the event with 2xx although its body does not end', async (t) => {
    const unended: RequestListener = (_, response) => response.writeHead(200).write('x')
    const { receiver, url } = await receiving(t, unended)
    await sinkTo(t, url, { sinkTimeoutMs: 200 }).send(anEvent(), signal)
    assert.equal(receiver.received.length, 1)
  })

  for (const status of [404, 408, 409, 425, 429, 500, 502, 503, 504]) {
    it(`is asked again after ${status}, and gets the same event`, async (t) => {
      const { receiver, url } = await receiving(t, answering(status, 'no'), answering(202, ''))
      const sink = sinkTo(t, url)
      await sink.send(anEvent(), signal)
      const [first, second] = receiver.received
      assert.deepEqual(second?.body, first?.body)
      assert.deepEqual(second?.request.headers, first?.request.headers)
      assert.equal(sink.waits.length, 1)
    })
  }

  for (const status of [301, 302, 307, 308, 400, 401, 403, 405, 410, 413, 415, 422]) {
    it(`is asked once when it answers ${status}, and no redirect is followed`, async (t) => {
      const { receiver, url } = await receiving(t, answering(status, 'no', { location: '/else' }))
      const sent = sinkTo(t, url).send(anEvent(), signal)
      await assert.rejects(sent, undelivered(new RegExp(`answered ${status}`)))
      assert.equal(receiver.received.length, 1)
    })
  }

  for (const retries of [0, 2]) {
    it(`is asked ${retries + 1} times with ${retries} retries, and then given up`, async (t) => {
      const { receiver, url } = await receiving(t, answering(503, ''))
      const sink = sinkTo(t, url, { sinkRetries: retries })
      await assert.rejects(sink.send(anEvent(), signal), undelivered(/answered 503/))
      assert.deepEqual([receiver.received.length, sink.waits.length], [retries + 1, retries])
    })
  }

  it('is asked again when it breaks a connection', async (t) => {
    const { receiver, url } = await receiving(t, answering(202, ''), reset, answering(202, ''))
    const sink = sinkTo(t, url)
    await sink.send(anEvent(), signal)
    await sink.send(anEvent(), signal)
    assert.equal(receiver.received.length, 3)
  })

  it('gets the event when it refused connections and comes back', async (t) => {
    const { receiver, url } = await receiving(t, answering(202, ''))
    await receiver.stop()
    let waits = 0
    const wait = async () => {
      if (++waits === 2) await receiver.restart()
    }
    await sinkTo(t, url, { wait }).send(anEvent(), signal)
    assert.deepEqual([receiver.received.length, waits], [1, 2])
  })

  it('is given up when it goes on refusing connections', async (t) => {
    const { receiver, url } = await receiving(t, never)
    await receiver.stop()
    await assert.rejects(sinkTo(t, url).send(anEvent(), signal), undelivered(/ECONNREFUSED/))
  })

  it('is waited for as long as it asks, and longer each time by chance', async (t) => {
    const { url } = await receiving(
      t,
      answering(503, '', { 'retry-after': '2' }),
      answering(429, '', { 'retry-after': '86400' }),
      answering(202, ''),
    )
    const sink = sinkTo(t, url)
    await sink.send(anEvent(), signal)
    const [first = 0, second = 0] = sink.waits
    assert.ok(first > 2_000 && first < 2_000 + longestBackoffMs, String(first))
    assert.ok(second > longestRetryAfterMs && second < longestRetryAfterMs + longestBackoffMs)
  })

  it('is given up after so many attempts without an answer, each with its time limit', async (t) => {
    const { receiver, url } = await receiving(t, never)
    const sink = sinkTo(t, url, { sinkTimeoutMs: 50, sinkRetries: 1 })
    await assert.rejects(sink.send(anEvent(), signal), undelivered(/longer than 0.05 s/))
    assert.equal(receiver.received.length, 2)
  })

  it('is left at once when the signal had aborted before', async (t) => {
    const { receiver, url } = await receiving(t, answering(202, ''))
    const sent = sinkTo(t, url).send(anEvent(), AbortSignal.abort(gone))
    await assert.rejects(sent, gone)
    assert.equal(receiver.received.length, 0)
  })

  it('is left with the reason when the signal aborts during a request', async (t) => {
    const controller = new AbortController()
    const { receiver, url } = await receiving(t, () => controller.abort(gone))
    await assert.rejects(sinkTo(t, url).send(anEvent(), controller.signal), gone)
    assert.equal(receiver.received.length, 1)
    assert.equal(getEventListeners(controller.signal, 'abort').length, 0)
  })

  it('is left with the reason, whatever it is, when the signal aborts during a real wait', async (t) => {
    const controller = new AbortController()
    const { receiver, url } = await receiving(t, (_, response) => {
      response.writeHead(503, { 'retry-after': '30' }).end(() => setTimeout(abort, 20))
    })
    const abort = () => controller.abort('reason')
    const sink = createSink({ ...sinkOptions, sinkUrl: url })
    t.after(sink.close)
    const thrown = await sink.send(anEvent(), controller.signal).catch((error: unknown) => error)
    assert.equal(thrown, 'reason')
    assert.equal(receiver.received.length, 1)
    assert.equal(getEventListeners(controller.signal, 'abort').length, 0)
  })

  it('is left at once by an event that waits for a connection, while the others go on', async (t) => {
    const { receiver, url } = await receiving(t, never)
    const sink = sinkTo(t, url)
    const others = new AbortController()
    const sends = Array.from({ length: 64 }, () => sink.send(anEvent(), others.signal))
    const all = Promise.allSettled(sends)
    while (receiver.received.length < 64) await turn()
    const controller = new AbortController()
    const waiting = sink.send(anEvent(), controller.signal)
    setTimeout(() => controller.abort(gone), 20)
    await assert.rejects(waiting, gone)
    assert.equal(receiver.received.length, 64)
    others.abort(gone)
    await all
  })

  it('keeps its connections between events, up to a bound', async (t) => {
    const later: RequestListener = (_, response) => void setTimeout(() => response.end(), 30)
    const { receiver, url } = await receiving(t, later)
    const sink = sinkTo(t, url)
    await Promise.all(Array.from({ length: 100 }, () => sink.send(anEvent(), signal)))
    assert.equal(receiver.received.length, 100)
    assert.ok(receiver.connections <= 64, String(receiver.connections))
  })
})
