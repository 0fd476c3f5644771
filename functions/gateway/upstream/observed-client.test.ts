import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { describe, it, type TestContext } from 'node:test'
import { answering, inTurn, recordingServer } from '../../../tests/services/http-server.ts'
import type { StepEnd } from '../../platform/observed-step.ts'
import { noTracing } from '../../platform/telemetry/tracing.ts'
import { recordedTraces } from '../fixtures/recorded-traces.ts'
import { aCall, clientOf, exampleAnswer, ocrRequest } from './fixtures/fake-model.ts'
import { observeClient } from './observed-client.ts'

const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`
const pageCount = JSON.stringify({
  model_name: 'm',
  outputs: [{ name: 'page_count', datatype: 'INT32', shape: [1], data: [37] }],
})
const engine = { name: 'tesseract', version: '5.3.0', default_lang: 'eng', languages: {} }
const metadata = JSON.stringify({ name: 'm', engine })

/** The client of a model that answers so, and what is told of its calls. */
async function observed(t: TestContext, ...answers: RequestListener[]) {
  const model = await recordingServer(t, inTurn(...answers))
  const traces = recordedTraces()
  const told: string[] = []
  const observing = {
    tracing: traces.tracing,
    onModelCall: (operation: string, { seconds, error }: StepEnd) => {
      assert.ok(seconds > 0)
      told.push(`${operation}: ${error}`)
    },
    onModelRetry: () => void told.push('retry'),
  }
  const plain = clientOf(t, model.origin, { breakerFailures: 1 })
  return { model, told, ...traces, client: observeClient(plain, observing), plain, observing }
}

describe('an observed client of the model', () => {
  it('tells of each call what it was', async (t) => {
    const answers = [exampleAnswer, answering(200, pageCount), answering(200, metadata)]
    const { client, told, spans } = await observed(t, ...answers)
    await client.recognize(ocrRequest, aCall())
    assert.equal(await client.countPages(ocrRequest, aCall()), 37)
    assert.deepEqual((await client.metadata(aCall())).engine, engine)
    assert.deepEqual(told, [
      'recognize: undefined',
      'count_pages: undefined',
      'metadata: undefined',
    ])
    assert.deepEqual(
      spans.map(({ name, kind, ends, error, attributes }) => ({
        name,
        kind,
        ends,
        error,
        ...attributes,
      })),
      ['recognize', 'count_pages', 'metadata'].map((operation) => ({
        name: `model ${operation}`,
        kind: 'client',
        ends: 1,
        error: undefined,
        'ocr.operation': operation,
        'ocr.retries': 0,
      })),
    )
  })

  it('has the model go on with a span in the trace of the request', async (t) => {
    const { client, model, spanNamed } = await observed(t, exampleAnswer)
    const headers = { 'x-request-id': 'r1', traceparent }
    await client.recognize(ocrRequest, aCall({ headers }))
    const span = spanNamed('model recognize')
    assert.equal(span.parent, traceparent)
    const sent = model.received[0]?.request.headers
    assert.equal(sent?.['traceparent'], span.headers.traceparent)
    assert.equal(sent?.['x-request-id'], 'r1')
  })

  it('passes on what the caller sent where there are no traces', async (t) => {
    const { plain, model, observing } = await observed(t, exampleAnswer)
    const client = observeClient(plain, { ...observing, tracing: noTracing })
    const headers = { traceparent, tracestate: 'a=b' }
    await client.recognize(ocrRequest, aCall({ headers }))
    assert.partialDeepStrictEqual(model.received[0]?.request.headers, headers)
  })

  it('counts a retry, and takes both attempts for one call', async (t) => {
    const { client, told, spanNamed } = await observed(t, answering(503, 'no'), exampleAnswer)
    await client.recognize(ocrRequest, aCall())
    assert.deepEqual(told, ['retry', 'recognize: undefined'])
    assert.equal(spanNamed('model recognize').attributes['ocr.retries'], 1)
  })

  it('tells what a call failed by, and of one that was refused without asking', async (t) => {
    const { client, told, spans } = await observed(t, answering(502, 'bad gateway'))
    await assert.rejects(client.recognize(ocrRequest, aCall()), { kind: 'bad_upstream' })
    assert.equal(client.circuitState, 'open')
    await assert.rejects(client.metadata(aCall()), { kind: 'model_unavailable' })
    assert.deepEqual(told, ['recognize: bad_upstream', 'metadata: model_unavailable'])
    assert.deepEqual(
      spans.map(({ error, ends }) => [error, ends]),
      [
        ['bad_upstream', 1],
        ['model_unavailable', 1],
      ],
    )
  })
})
