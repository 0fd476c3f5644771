import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { noTracing, traceIdOf } from './tracing.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const parent = { traceparent: `00-${traceId}-b7ad6b7169203331-01`, tracestate: 'vendor=x' }

describe('a service that does not trace', () => {
  it('passes on what its caller sent, and nothing where nothing was sent', () => {
    assert.deepEqual(noTracing.start('x', { parent }).headers, parent)
    assert.deepEqual(noTracing.start('x').headers, {})
  })

  it('does the work of a span, and gives what it returns or throws', () => {
    const span = noTracing.start('x')
    assert.equal(
      span.run(() => 7),
      7,
    )
    const error = new Error('x')
    assert.throws(
      () =>
        span.run(() => {
          throw error
        }),
      error,
    )
    span.set({ pages: 1 })
    span.rename('y')
    span.end('internal')
    noTracing.record('x', 0, 1)
  })
})

describe('the id of a trace', () => {
  it('is that of the headers, if there are any', () => {
    assert.equal(traceIdOf(parent), traceId)
    assert.equal(traceIdOf({}), undefined)
  })
})
