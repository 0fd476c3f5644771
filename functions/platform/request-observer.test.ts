import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pino } from 'pino'
import { observerFor } from './fixtures/observer.ts'
import { createRequestObserver } from './request-observer.ts'
import type { Span, Tracing } from './telemetry/tracing.ts'

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

describe('the observer of requests', () => {
  function logged(
    headers: Record<string, string>,
    change: { path?: string; status?: number; error?: 'not_ready' } = {},
  ): Record<string, unknown> | undefined {
    const { path = '/inference.GRPCInferenceService/ModelInfer', status = 3, error } = change
    const lines: string[] = []
    const observer = observerFor(pino({ base: null }, { write: (line) => void lines.push(line) }))
    const header = (name: string) => headers[name]
    const observed = observer.begin({ requestId: 'r1', method: 'gRPC', path, header })
    assert.deepEqual(observed.trace, headers['traceparent'] ? { traceparent } : {})
    observed.end({ route: path, status, error, caller: 'alice', facts: { pages: 2 } })
    return lines[0] === undefined ? undefined : JSON.parse(lines[0])
  }

  it('writes one line with the trace and the facts', () => {
    const { ms, time, level, ...line } = logged({ traceparent }, { error: 'not_ready' }) ?? {}
    assert.ok(Number(ms) >= 0)
    assert.deepEqual(line, {
      requestId: 'r1',
      caller: 'alice',
      method: 'gRPC',
      route: '/inference.GRPCInferenceService/ModelInfer',
      status: 3,
      error: 'not_ready',
      traceId: '0af7651916cd43dd8448eb211c80319c',
      pages: 2,
      msg: 'request',
    })
  })

  const probe = { 'user-agent': 'kube-probe/1.34' }
  for (const path of [
    '/livez',
    '/readyz',
    '/v2/health/live',
    '/v2/health/ready',
    '/grpc.health.v1.Health/Check',
  ]) {
    it(`writes none for a probe of ${path} that is answered well`, () => {
      assert.equal(logged(probe, { path, status: 200 }), undefined)
      assert.ok(logged(probe, { path, error: 'not_ready', status: 503 }))
    })
  }

  it('writes one for whoever only says that he is a probe', () => {
    assert.ok(logged(probe, { path: '/v1/ocr', status: 200 }))
  })
})

describe('a request that is observed', () => {
  const route = '/v1/ocr'
  const ownHeaders = { traceparent: '00-1-2-01' }
  /** Does one request, and gives what the meter and the tracing were told of it. */
  function observe(
    headers: Record<string, string> = {},
    {
      path = route,
      method = 'POST',
      status = 200,
      error = undefined as 'internal' | undefined,
    } = {},
  ) {
    const told: unknown[] = []
    const span: Span = {
      headers: ownHeaders,
      rename: (name) => told.push(['rename', name]),
      set: (attributes) => told.push(['set', attributes]),
      run: (work) => {
        told.push('run')
        return work()
      },
      end: (error) => told.push(['end', error]),
    }
    const tracing: Tracing = {
      start(name, options) {
        told.push(['start', name, options])
        return span
      },
      record: () => assert.fail(),
    }
    const measured: unknown[] = []
    const meter = { start: () => (end: unknown) => measured.push(end) }
    const observer = createRequestObserver({ log: pino({ enabled: false }), meter, tracing })
    const header = (name: string) => headers[name]
    const request = observer.begin({ requestId: 'r1', method, path, header })
    assert.equal(
      request.run(() => 7),
      7,
    )
    request.end({ route, status, error })
    return { told, measured, trace: request.trace }
  }

  it('is a span of a server in the trace of its caller, which is passed on as that of the span', () => {
    const { told, trace } = observe({ traceparent, tracestate: 'vendor=x' })
    assert.deepEqual(trace, ownHeaders)
    assert.deepEqual(told, [
      ['start', 'POST', { kind: 'server', parent: { traceparent, tracestate: 'vendor=x' } }],
      'run',
      ['rename', 'POST /v1/ocr'],
      [
        'set',
        {
          'http.request.method': 'POST',
          'http.route': route,
          'http.response.status_code': 200,
        },
      ],
      ['end', undefined],
    ])
  })

  it('begins a trace when the headers of its caller are not well formed', () => {
    for (const traceparent of ['x', '00-0-0-01', `${'0'.repeat(32)}`]) {
      const [start] = observe({ traceparent, tracestate: 'vendor=x' }).told
      assert.deepEqual(start, ['start', 'POST', { kind: 'server', parent: {} }])
    }
  })

  it('is measured, and tells its failure', () => {
    const { told, measured } = observe({}, { status: 500, error: 'internal' })
    assert.deepEqual(measured, [{ method: 'POST', route, status: 500, error: 'internal' }])
    assert.deepEqual(told.at(-1), ['end', 'internal'])
  })

  it('has the attributes of RPC when it is a call by gRPC', () => {
    const { told } = observe({}, { method: 'gRPC', status: 14 })
    const attributes = {
      'rpc.system.name': 'grpc',
      'rpc.method': 'v1/ocr',
      'rpc.response.status_code': '14',
    }
    assert.deepEqual(told.at(-2), ['set', attributes])
  })

  it('is not traced and not measured when it is a probe that is answered well', () => {
    const probe = { 'user-agent': 'kube-probe/1.34', traceparent }
    const { told, measured, trace } = observe(probe, { path: '/livez' })
    assert.deepEqual(told, [])
    assert.deepEqual(measured, [undefined])
    assert.deepEqual(trace, { traceparent })
    const failed = observe(probe, { path: '/livez', status: 503, error: 'internal' })
    assert.equal(failed.measured.filter(Boolean).length, 1)
  })
})
