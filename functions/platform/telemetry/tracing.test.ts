import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { noTracing, traceContext, traceIdOf } from './tracing.ts'

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

describe('traceContext', () => {
  const contextOf = (headers: Record<string, string>) => traceContext((name) => headers[name])

  it('passes well-formed headers on', () => assert.deepEqual(contextOf(parent), parent))

  for (const [problem, traceparent] of Object.entries({
    'another form': '00-xyz',
    'a version that may not be': `ff-${traceId}-b7ad6b7169203331-01`,
    'no trace': `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    'no parent': `00-${traceId}-${'0'.repeat(16)}-01`,
    capitals: parent.traceparent.toUpperCase(),
  })) {
    it(`drops headers with ${problem}`, () => {
      assert.deepEqual(contextOf({ traceparent, tracestate: 'a=b' }), {})
    })
  }

  it('drops a state without a trace, and one that is no text', () => {
    assert.deepEqual(contextOf({ tracestate: 'a=b' }), {})
    const { traceparent } = parent
    assert.deepEqual(contextOf({ traceparent, tracestate: 'a=ä' }), { traceparent })
  })
})

describe('the id of a trace', () => {
  it('is that of the headers, if there are any', () => {
    assert.equal(traceIdOf(parent), traceId)
    assert.equal(traceIdOf({}), undefined)
  })
})
