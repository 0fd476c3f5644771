import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { answering, recordingServer } from '../../../tests/services/http-server.ts'
import { OcrError } from '../../contract/errors.ts'
import { noTracing } from '../../platform/telemetry/tracing.ts'
import { recordedTraces } from '../fixtures/recorded-traces.ts'
import { createDeliveryObserver } from './delivery-observer.ts'
import { anEvent, sinkTo } from './fixtures/sink.ts'
import { createOutbox, deliveriesAtOnce } from './outbox.ts'

const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`
const { signal } = new AbortController()

function observing() {
  const traces = recordedTraces()
  const told: unknown[] = []
  const onDelivery = ({ seconds, error }: { seconds: number; error: unknown }) => {
    assert.ok(seconds >= 0)
    told.push(error)
  }
  return { ...traces, told, onDelivery }
}

describe('an observed delivery', () => {
  it('is a step in the trace of its event, and whoever gets the event goes on with it', async (t) => {
    const receiver = await recordingServer(t, answering(202, ''))
    const sink = sinkTo(t, receiver.origin)
    const { tracing, told, onDelivery, spanNamed } = observing()
    const observe = createDeliveryObserver({ tracing, onDelivery })
    const event = anEvent({ extensions: { traceparent, correlationid: 'r1' } })
    await observe(event, (own) => sink.send(own, signal))
    assert.deepEqual(told, [undefined])
    const span = spanNamed('send result')
    assert.partialDeepStrictEqual(span, { kind: 'producer', parent: traceparent, ends: 1 })
    const headers = receiver.received[0]?.request.headers
    assert.equal(headers?.['ce-traceparent'], span.headers.traceparent)
    assert.equal(headers?.['ce-correlationid'], 'r1')
  })

  it('leaves the event as it is where there are no traces', async () => {
    const observe = createDeliveryObserver({ tracing: noTracing, onDelivery: () => undefined })
    for (const extensions of [{ causationid: 'a' }, { traceparent, tracestate: 'a=b' }]) {
      const event = anEvent({ extensions })
      await observe(event, async (own) => assert.deepEqual(own, event))
    }
  })

  it('tells what it failed by', async () => {
    const { tracing, told, onDelivery, spanNamed } = observing()
    const observe = createDeliveryObserver({ tracing, onDelivery })
    const error = new OcrError('sink_unavailable', 'Not there.')
    await assert.rejects(
      observe(anEvent(), () => Promise.reject(error)),
      error,
    )
    assert.deepEqual(told, ['sink_unavailable'])
    assert.equal(spanNamed('send result').error, 'sink_unavailable')
  })

  it('is one even if the result is given up while it waits for others', async () => {
    const { tracing, told, onDelivery } = observing()
    const started: string[] = []
    const outbox = createOutbox({
      sink: {
        send: ({ id }, signal) => {
          started.push(id)
          return new Promise((_, reject) => signal.addEventListener('abort', reject))
        },
      },
      limit: deliveriesAtOnce + 1,
      log: { error: () => undefined },
      observe: createDeliveryObserver({ tracing, onDelivery }),
    })
    assert.deepEqual([outbox.results, outbox.limit], [0, deliveriesAtOnce + 1])
    for (let id = 0; id <= deliveriesAtOnce; id++) outbox.reserve().send(anEvent({ id: `${id}` }))
    assert.equal(outbox.results, deliveriesAtOnce + 1)
    await outbox.drain(0)
    assert.equal(started.length, deliveriesAtOnce)
    assert.equal(told.length, deliveriesAtOnce + 1)
    assert.ok(told.every(Boolean))
    assert.equal(outbox.results, 0)
  })
})
