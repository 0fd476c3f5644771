import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type OtlpReceiver, startOtlpReceiver } from '../../../tests/e2e/otlp-receiver.ts'
import { createTracerProvider } from './tracer-provider.ts'
import type { Tracing } from './tracing.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const callerId = 'b7ad6b7169203331'
const tracestate = 'vendor=x,other=y'
const sampled = { traceparent: `00-${traceId}-${callerId}-01`, tracestate }
const unsampled = { traceparent: `00-${traceId}-${callerId}-00`, tracestate }

describe('traces by OpenTelemetry', () => {
  let receiver: OtlpReceiver
  before(async () => {
    receiver = await startOtlpReceiver()
    process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = receiver.endpoint
  })
  after(() => receiver[Symbol.asyncDispose]())

  const log = { warn: (fields: unknown) => assert.fail(JSON.stringify(fields)) }
  /** The spans that some work makes, the first that ended first. */
  async function spansOf(work: (tracing: Tracing) => unknown, share = 1) {
    const seen = receiver.spans.length
    const identity = { service: 'ocr-test', version: '1.2.3' }
    const { tracing, close } = createTracerProvider({ identity, share, log })
    await work(tracing)
    await close()
    return receiver.spans.slice(seen)
  }

  it('have the name, the kind and the attributes of a span, and who sent it', async () => {
    const [span] = await spansOf((tracing) => {
      const attributes = { pages: 2, format: 'text', complete: true, lang: undefined }
      const span = tracing.start('POST', { kind: 'server', attributes })
      span.rename('POST /v1/ocr')
      span.set({ 'http.route': '/v1/ocr', pages: 3, caller: undefined })
      span.end()
    })
    assert.equal(span?.name, 'POST /v1/ocr')
    assert.equal(span.service, 'ocr-test')
    assert.equal(span.kind, 'server')
    assert.equal(span.isError, false)
    assert.deepEqual(span.attributes, {
      pages: 3,
      format: 'text',
      complete: true,
      'http.route': '/v1/ocr',
    })
  })

  it('know every kind; what is done inside is internal', async () => {
    const kinds = ['server', 'client', 'consumer', 'producer'] as const
    const spans = await spansOf((tracing) => {
      for (const kind of kinds) tracing.start(kind, { kind }).end()
      tracing.start('internal').end()
    })
    assert.deepEqual(
      spans.map(({ kind }) => kind),
      [...kinds, 'internal'],
    )
    assert.deepEqual(
      spans.map(({ name }) => name),
      [...kinds, 'internal'],
    )
  })

  it('go on with the trace of the caller, and pass it on with its state', async () => {
    let headers: { traceparent?: string; tracestate?: string } = {}
    const [span] = await spansOf((tracing) => {
      const span = tracing.start('x', { parent: sampled })
      headers = span.headers
      span.end()
    })
    assert.equal(span?.traceId, traceId)
    assert.equal(span.parentSpanId, callerId)
    assert.equal(span.traceState, tracestate)
    assert.deepEqual(headers, { traceparent: `00-${traceId}-${span.spanId}-01`, tracestate })
  })

  it('begin with a span of a caller that sent no headers', async () => {
    const [span] = await spansOf((tracing) => tracing.start('x', { parent: {} }).end())
    assert.match(span?.traceId ?? '', /^[0-9a-f]{32}$/)
    assert.equal(span?.parentSpanId, undefined)
    assert.equal(span?.traceState, undefined)
  })

  it('have a span as the parent of those in its work, across everything that is waited for', async () => {
    const spans = await spansOf(async (tracing) => {
      const request = tracing.start('request')
      const other = tracing.start('other')
      await request.run(async () => {
        await sleep(1)
        const page = tracing.start('page')
        page.run(() => tracing.start('step').end())
        page.end()
        tracing.start('elsewhere', { parent: other.headers }).end()
      })
      other.end()
      request.end()
    })
    const parentOf = (name: string) => {
      const span = spans.find((span) => span.name === name)
      return spans.find(({ spanId }) => spanId === span?.parentSpanId)?.name
    }
    assert.equal(parentOf('step'), 'page')
    assert.equal(parentOf('page'), 'request')
    assert.equal(parentOf('elsewhere'), 'other')
    assert.equal(parentOf('request'), undefined)
    assert.equal(parentOf('other'), undefined)
  })

  it('have steps that are over, with their times, and only in the work of a span', async () => {
    const to = performance.now()
    const from = to - 250
    const spans = await spansOf((tracing) => {
      tracing.record('stray', from, to)
      const page = tracing.start('page')
      page.run(() => tracing.record('step', from, to))
      page.end()
    })
    const [step, page] = spans
    assert.deepEqual([step?.name, page?.name, spans.length], ['step', 'page', 2])
    assert.equal(step?.parentSpanId, page?.spanId)
    const begin = Date.now() - performance.now() + from
    assert.ok(Math.abs((step?.start ?? 0) - begin) < 50)
    assert.ok(Math.abs((step?.end ?? 0) - (step?.start ?? 0) - 250) < 1)
  })

  it('link to another trace without being of it', async () => {
    const [span, unlinked] = await spansOf((tracing) => {
      tracing.start('x', { link: sampled }).end()
      tracing.start('x', { link: {} }).end()
    })
    assert.deepEqual(span?.links, [{ traceId, spanId: callerId }])
    assert.notEqual(span.traceId, traceId)
    assert.deepEqual(unlinked?.links, [])
  })

  it('name what a span failed by; a server is to blame for its own failures only', async () => {
    const spans = await spansOf((tracing) => {
      tracing.start('x', { kind: 'server' }).end('not_ready')
      tracing.start('x', { kind: 'server' }).end('undecodable_image')
      tracing.start('x', { kind: 'client' }).end('undecodable_image')
      tracing.start('x').end('page_timeout')
    })
    assert.deepEqual(
      spans.map(({ attributes, isError }) => [attributes['error.type'], isError]),
      [
        ['not_ready', true],
        ['undecodable_image', false],
        ['undecodable_image', true],
        ['page_timeout', true],
      ],
    )
  })

  it('are none of the requests with a share of 0, unless the caller traces', async () => {
    const spans = await spansOf((tracing) => {
      tracing.start('x', { parent: {} }).end()
      tracing.start('y', { parent: sampled }).end()
    }, 0)
    assert.deepEqual(
      spans.map(({ name }) => name),
      ['y'],
    )
  })

  it('are none where the caller decided so, which is passed on', async () => {
    let headers: { traceparent?: string; tracestate?: string } = {}
    const spans = await spansOf((tracing) => {
      const span = tracing.start('x', { kind: 'server', parent: unsampled })
      headers = span.headers
      span.run(() => {
        tracing.start('page').end()
        tracing.record('step', 0, 1)
      })
      span.end('internal')
    })
    assert.deepEqual(spans, [])
    assert.match(headers.traceparent ?? '', new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`))
    assert.equal(headers.tracestate, tracestate)
  })

  it('are of about as many requests as their share says', async () => {
    const spans = await spansOf((tracing) => {
      for (let count = 0; count < 400; count++) tracing.start('x', { parent: {} }).end()
    }, 0.5)
    assert.ok(spans.length > 120 && spans.length < 280, String(spans.length))
  })
})
