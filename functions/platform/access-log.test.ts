import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pino } from 'pino'
import { logAccess, traceContext } from './access-log.ts'

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

describe('logAccess', () => {
  function logged(
    headers: Record<string, string>,
    change: Partial<Parameters<typeof logAccess>[1]> = {},
  ): Record<string, unknown> | undefined {
    const lines: string[] = []
    const log = pino({ base: null }, { write: (line: string) => void lines.push(line) })
    logAccess(log, {
      requestId: 'r1',
      header: (name) => headers[name],
      method: 'gRPC',
      route: '/inference.GRPCInferenceService/ModelInfer',
      status: 3,
      error: 'invalid_request',
      start: performance.now() - 20,
      ...change,
    })
    return lines[0] && JSON.parse(lines[0])
  }

  it('writes one line with the trace', () => {
    const { ms, time, level, ...line } = logged({ traceparent }) ?? {}
    assert.ok(Number(ms) >= 20)
    assert.deepEqual(line, {
      requestId: 'r1',
      method: 'gRPC',
      route: '/inference.GRPCInferenceService/ModelInfer',
      status: 3,
      error: 'invalid_request',
      traceparent,
      msg: 'request',
    })
  })

  const probe = { 'user-agent': 'kube-probe/1.34' }
  for (const route of [
    '/livez',
    '/readyz',
    '/v2/health/live',
    '/v2/health/ready',
    '/grpc.health.v1.Health/Check',
  ]) {
    it(`writes none for a probe of ${route} that is answered well`, () => {
      assert.equal(logged(probe, { route, error: undefined, status: 200 }), undefined)
      assert.ok(logged(probe, { route, error: 'not_ready', status: 503 }))
    })
  }

  it('writes one for whoever only says that he is a probe', () => {
    assert.ok(logged(probe, { route: '/v1/ocr', error: undefined, status: 200 }))
  })
})

describe('traceContext', () => {
  const contextOf = (headers: Record<string, string>) => traceContext((name) => headers[name])

  it('passes well-formed headers on', () => {
    const headers = { traceparent, tracestate: 'a=b' }
    assert.deepEqual(contextOf(headers), headers)
  })

  it('drops the rest', () => {
    assert.deepEqual(contextOf({ traceparent: '00-xyz', tracestate: 'a=b' }), {})
    assert.deepEqual(contextOf({ tracestate: 'a=b' }), {})
  })
})
