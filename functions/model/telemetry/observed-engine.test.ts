import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { OcrError } from '../../contract/errors.ts'
import type { Engine } from '../engine/engine.ts'
import { createOneshotEngine } from '../engine/oneshot.ts'
import { createWarmEngine } from '../engine/warm.ts'
import { engineParts, usualLimits } from '../fixtures/engine-limits.ts'
import { metered } from '../fixtures/metered.ts'
import { recordedTracing } from '../fixtures/recorded-tracing.ts'
import { observeEngine } from './observed-engine.ts'

const fake = join(import.meta.dirname, '..', 'engine', 'fixtures', 'fake-tesseract')
const { signal: never } = new AbortController()

function observed(t: TestContext, engine: Engine) {
  t.after(() => engine.close())
  const { instruments, values } = metered()
  const { tracing, spans } = recordedTracing()
  const { recognize } = observeEngine(engine, instruments, tracing)
  return {
    spans,
    read: (lang: string, signal = never) =>
      recognize('/tmp/page.tif', { lang, tessdata: '/data', psm: 3, oem: 3 }, signal),
    outcomes: () => values('ocr_engine_recognition_duration_seconds_count'),
    seconds: () => values('ocr_engine_recognition_duration_seconds_sum'),
  }
}

const warm = (file = fake) => createWarmEngine({ file, size: 1, ...engineParts() })
const after = (ms: number, reason: unknown) => {
  const controller = new AbortController()
  setTimeout(() => controller.abort(reason), ms)
  return controller.signal
}

describe('a reading by the engine', () => {
  it('is timed and is a step in the trace', async (t) => {
    const { read, spans, outcomes, seconds } = observed(t, warm())
    assert.match(await read('slow'), /page.tif/)
    assert.deepEqual(await outcomes(), { read: 1 })
    // The fixture sleeps for 0.3 s.
    assert.ok(((await seconds())['read'] ?? 0) >= 0.29)
    const attributes = { 'ocr.lang': 'slow', 'ocr.engine.outcome': 'read' }
    assert.deepEqual(spans, [{ name: 'engine', parent: undefined, attributes, error: undefined }])
  })

  for (const [kind, outcome] of [
    ['page_timeout', 'timeout'],
    ['deadline_exceeded', 'timeout'],
    ['client_gone', 'cancelled'],
    // Another page of the document has failed by it.
    ['engine_unavailable', 'cancelled'],
  ] as const) {
    it(`is a ${outcome} when its signal aborts by ${kind}`, async (t) => {
      const { read, spans, outcomes } = observed(t, warm())
      await assert.rejects(read('hangs', after(50, new OcrError(kind, 'Over.'))), { kind })
      assert.deepEqual(await outcomes(), { [outcome]: 1 })
      const [span] = spans
      assert.deepEqual([span?.error, span?.attributes['ocr.engine.outcome']], [kind, outcome])
    })
  }

  it('is told apart when the engine crashes and when it cannot be started', async (t) => {
    const crashing = observed(t, warm())
    await assert.rejects(crashing.read('crashes'), { kind: 'engine_crashed' })
    assert.deepEqual(await crashing.outcomes(), { crashed: 1 })
    const missing = observed(t, warm('/nonexistent/tesseract'))
    await assert.rejects(missing.read('fine'), { kind: 'engine_unavailable' })
    assert.deepEqual(await missing.outcomes(), { unavailable: 1 })
  })

  it('is seen with a process for each page, too', async (t) => {
    const oneshot = (file: string) =>
      observed(t, createOneshotEngine({ file, timeoutMs: 10_000, limits: usualLimits }))
    const missing = oneshot('/nonexistent/tesseract')
    await assert.rejects(missing.read('eng'), { kind: 'engine_crashed' })
    assert.deepEqual(await missing.outcomes(), { crashed: 1 })
    const { read, outcomes } = oneshot('echo')
    await read('eng')
    assert.deepEqual(await outcomes(), { read: 1 })
  })
})
