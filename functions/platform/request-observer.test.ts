import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pino } from 'pino'
import { observerFor } from './fixtures/observer.ts'

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
