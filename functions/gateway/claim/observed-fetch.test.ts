import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { recordingServer } from '../../../tests/services/http-server.ts'
import { OcrError } from '../../contract/errors.ts'
import { recordedTraces } from '../fixtures/recorded-traces.ts'
import { aCall, answering, claimCheckOf } from './fixtures/claim-check.ts'
import { observeFetch } from './observed-fetch.ts'

function observing() {
  const { tracing, spans } = recordedTraces()
  const told: unknown[] = []
  return {
    spans,
    told,
    options: {
      tracing,
      onFetch: (scheme: unknown, { seconds, error }: { seconds: number; error: unknown }) => {
        assert.ok(seconds >= 0)
        told.push([scheme, error])
      },
    },
  }
}

describe('an observed fetch', () => {
  it('tells its scheme, is a step of the work, and tells the other side nothing of the trace', async (t) => {
    const server = await recordingServer(t, answering('image'))
    const { told, spans, options } = observing()
    const fetch = observeFetch(claimCheckOf(t, { dataRefOrigins: server.origin }).fetch, options)
    const work = options.tracing.start('work')
    const bytes = await work.run(() => fetch(`${server.origin}/a.png`, aCall()))
    assert.equal(String(Buffer.from(bytes)), 'image')
    assert.deepEqual(told, [['http', undefined]])
    const [, span] = spans
    assert.partialDeepStrictEqual(span, {
      name: 'fetch document',
      kind: 'client',
      parent: work.headers.traceparent,
      attributes: { 'url.scheme': 'http' },
      error: undefined,
      ends: 1,
    })
    assert.equal(server.received[0]?.request.headers['traceparent'], undefined)
    assert.doesNotMatch(JSON.stringify(span?.attributes), /a\.png|127\.0/)
  })

  for (const [reference, scheme, kind] of [
    ['HTTPS://other.example/a', 'https', 'reference_refused'],
    ['s3://bucket/', 's3', 'reference_unavailable'],
    ['file:///etc/passwd', undefined, 'reference_refused'],
    ['nothing', undefined, 'reference_refused'],
  ] as const) {
    it(`tells that ${reference} failed by ${kind}`, async () => {
      const { told, spans, options } = observing()
      const fetch = observeFetch(() => Promise.reject(new OcrError(kind, 'No.')), options)
      await assert.rejects(fetch(reference, aCall()), { kind })
      assert.deepEqual(told, [[scheme, kind]])
      assert.deepEqual([spans[0]?.error, spans[0]?.ends], [kind, 1])
    })
  }
})
