import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { answering, recordingServer } from '../../../tests/services/http-server.ts'
import { OcrError } from '../../contract/errors.ts'
import type { OutgoingEvent } from '../events/outgoing-event.ts'
import { anEvent, sinkTo } from './fixtures/sink.ts'
import { createOutbox, deliveriesAtOnce } from './outbox.ts'
import type { Sink } from './sink.ts'

/** A log that keeps its lines. */
function fakeLog() {
  const lines: Array<{ fields: unknown; message: unknown }> = []
  const error = (fields: unknown, message?: unknown) => void lines.push({ fields, message })
  return { lines, error }
}

/** A sink whose deliveries last until they are told to end; aborted ones end by themselves. */
function heldSink() {
  const under: Array<{ event: OutgoingEvent; end: () => void; fail: (error: unknown) => void }> = []
  const send: Sink['send'] = (event, signal) => {
    if (signal.aborted) return Promise.reject(signal.reason)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    under.push({ event, end: resolve, fail: reject })
    return promise
  }
  return { under, send }
}

function heldOutbox(t: TestContext, { limit = 2, timeoutMs = 60_000 } = {}) {
  const [sink, log] = [heldSink(), fakeLog()]
  const outbox = createOutbox({ sink, limit, log, timeoutMs })
  t.after(() => outbox.drain(0))
  return { sink, log, outbox }
}

const isKind = (kind: string) => (error: unknown) =>
  error instanceof OcrError && error.kind === kind && (error.retryAfterSeconds ?? 0) >= 1

describe('the outbox', () => {
  it('delivers an event, logs nothing and gives the place back', async (t) => {
    const receiver = await recordingServer(t, answering(202, ''))
    const log = fakeLog()
    const outbox = createOutbox({ sink: sinkTo(t, receiver.origin), limit: 1, log })
    for (const id of ['1', '2']) {
      using place = outbox.reserve()
      place.send(anEvent({ id }))
      while (receiver.received.length < Number(id)) await turn()
      while (isFull(outbox)) await turn()
    }
    await outbox.drain(60_000)
    const ids = receiver.received.map(({ request }) => request.headers['ce-id'])
    assert.deepEqual([ids, log.lines], [['1', '2'], []])
  })

  it('has as many places as its limit, and refuses one more until one is given back', (t) => {
    const { outbox } = heldOutbox(t, { limit: 3 })
    const places = [outbox.reserve(), outbox.reserve(), outbox.reserve()]
    assert.throws(() => outbox.reserve(), isKind('overloaded'))
    places[1]?.[Symbol.dispose]()
    places[1]?.[Symbol.dispose]()
    outbox.reserve()
    assert.throws(() => outbox.reserve(), isKind('overloaded'))
  })

  it('leaves a place for others, however many one caller wants', (t) => {
    const { outbox } = heldOutbox(t, { limit: 9 })
    for (let count = 0; count < 8; count++) outbox.reserve('alice')
    assert.throws(() => outbox.reserve('alice'), isKind('overloaded'))
    outbox.reserve('bob')
  })

  it('delivers the results of callers in turn, whoever came first', async (t) => {
    const { outbox, sink } = heldOutbox(t, { limit: 100 })
    const send = (caller: string) => outbox.reserve(caller).send(anEvent({ id: caller }))
    for (let count = 0; count < deliveriesAtOnce + 3; count++) send('alice')
    send('bob')
    await turn()
    for (const { end } of sink.under.slice(0, 2)) end()
    await turn()
    const next = sink.under.slice(deliveriesAtOnce).map(({ event }) => event.id)
    assert.deepEqual(next, ['alice', 'bob'])
  })

  it('keeps a place that was disposed of until its event is delivered', async (t) => {
    const { outbox, sink } = heldOutbox(t, { limit: 1 })
    {
      using place = outbox.reserve()
      place.send(anEvent())
    }
    await turn()
    assert.throws(() => outbox.reserve(), isKind('overloaded'))
    sink.under[0]?.end()
    await turn()
    outbox.reserve()
  })

  it('takes one event for a place, and none for one that was given back', (t) => {
    const { outbox } = heldOutbox(t)
    const place = outbox.reserve()
    place.send(anEvent())
    assert.throws(() => place.send(anEvent()), /has had its event/)
    const other = outbox.reserve()
    other[Symbol.dispose]()
    assert.throws(() => other.send(anEvent()), /was given back/)
  })

  it('logs a delivery that failed in one line without data, and gives its place back', async (t) => {
    const { outbox, sink, log } = heldOutbox(t, { limit: 1 })
    outbox.reserve().send(anEvent({ data: '{"text":"SECRET"}' }))
    await turn()
    const cause = new Error('The sink answered 400')
    const error = new OcrError('sink_unavailable', 'Refused.', { cause })
    sink.under[0]?.fail(error)
    await turn()
    const event = { id: 'f00d-1', type: 'dev.ocr.document.recognized' }
    const fields = { event, kind: 'sink_unavailable', err: error }
    assert.deepEqual(log.lines, [{ fields, message: 'result not delivered' }])
    outbox.reserve()
  })

  it('logs a failure that nobody foresaw as internal', async () => {
    const log = fakeLog()
    const send = () => {
      throw new TypeError('unforeseen')
    }
    const outbox = createOutbox({ sink: { send }, limit: 1, log })
    outbox.reserve().send(anEvent())
    await outbox.drain(60_000)
    assert.equal(log.lines.length, 1)
    assert.match(JSON.stringify(log.lines), /"kind":"internal"/)
  })

  it('delivers so many at once, and the others in their order after them', async (t) => {
    const { outbox, sink, log } = heldOutbox(t, { limit: 100 })
    const ids = Array.from({ length: deliveriesAtOnce + 2 }, (_, index) => String(index))
    for (const id of ids) outbox.reserve().send(anEvent({ id }))
    await turn()
    assert.equal(sink.under.length, deliveriesAtOnce)
    sink.under[3]?.end()
    await turn()
    assert.equal(sink.under.length, deliveriesAtOnce + 1)
    sink.under[0]?.fail(new Error('failed'))
    await turn()
    assert.deepEqual(
      sink.under.map(({ event }) => event.id),
      ids,
    )
    assert.equal(log.lines.length, 1)
  })

  it('gives a result up after its time, those that still wait for others included', async (t) => {
    const { outbox, log } = heldOutbox(t, { limit: 100, timeoutMs: 30 })
    const count = deliveriesAtOnce + 3
    for (let index = 0; index < count; index++) outbox.reserve().send(anEvent())
    await outbox.drain(60_000)
    assert.equal(log.lines.length, count)
    assert.match(JSON.stringify(log.lines), /"kind":"deadline_exceeded"/)
  })
})

describe('draining the outbox', () => {
  it('ends at once when no place is held', async (t) => {
    const { outbox, log } = heldOutbox(t)
    await outbox.drain(60_000)
    await outbox.drain(60_000)
    assert.deepEqual(log.lines, [])
  })

  it('refuses further places from the beginning', async (t) => {
    const { outbox } = heldOutbox(t)
    const place = outbox.reserve()
    const drain = outbox.drain(60_000)
    assert.throws(() => outbox.reserve(), isKind('not_ready'))
    place[Symbol.dispose]()
    await drain
    assert.throws(() => outbox.reserve(), isKind('not_ready'))
  })

  it('waits for what is on its way and for places whose event is still to come', async (t) => {
    const { outbox, sink, log } = heldOutbox(t, { limit: 3 })
    const [first, second, third] = [outbox.reserve(), outbox.reserve(), outbox.reserve()]
    first.send(anEvent({ id: '1' }))
    let isDrained = false
    const drain = outbox.drain(60_000).then(() => {
      isDrained = true
    })
    second.send(anEvent({ id: '2' }))
    await turn()
    for (const { end } of sink.under) end()
    await turn()
    assert.equal(isDrained, false)
    third[Symbol.dispose]()
    await drain
    assert.equal(sink.under.length, 2)
    assert.equal(third.signal.aborted, false)
    assert.deepEqual(log.lines, [])
  })

  it('gives up after its time: aborts all, logs each event and how many were lost', async (t) => {
    const { outbox, log } = heldOutbox(t, { limit: 100 })
    const empty = outbox.reserve()
    const count = deliveriesAtOnce + 2
    for (let index = 0; index < count; index++) outbox.reserve().send(anEvent())
    await outbox.drain(20)
    assert.equal(empty.signal.aborted, true)
    assert.equal(log.lines.length, count + 1)
    assert.match(JSON.stringify(log.lines[0]), /"kind":"not_ready"/)
    const { fields, message } = log.lines[count] ?? {}
    assert.deepEqual(fields, { lost: count + 1 })
    assert.match(String(message), /before all results were delivered/)
    // Too late, and told so.
    empty.send(anEvent())
    await turn()
    assert.equal(log.lines.length, count + 2)
  })

  it('ends attempts and waits of a real sink', async (t) => {
    const receiver = await recordingServer(t, () => undefined)
    const log = fakeLog()
    const outbox = createOutbox({ sink: sinkTo(t, receiver.origin), limit: 2, log })
    outbox.reserve().send(anEvent())
    while (receiver.received.length === 0) await turn()
    await outbox.drain(0)
    assert.deepEqual(log.lines.at(-1)?.fields, { lost: 1 })
  })
})

/** Whether its only place is taken. */
function isFull(outbox: ReturnType<typeof createOutbox>): boolean {
  try {
    using _place = outbox.reserve()
    return false
  } catch (error) {
    return isKind('overloaded')(error)
  }
}
