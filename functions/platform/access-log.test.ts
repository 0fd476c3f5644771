import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { traceContext } from './access-log.ts'

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

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
