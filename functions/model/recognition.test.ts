import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { describe, it } from 'node:test'
import { pino } from 'pino'
import { receipt } from '../../tests/documents/corpus.ts'
import { loadSettings } from '../platform/settings.ts'
import { metered } from './fixtures/metered.ts'
import { recordedTracing } from './fixtures/recorded-tracing.ts'
import { createRecognition } from './recognition.ts'
import { modelSettings } from './settings.ts'
import { createShare } from './share.ts'

const { signal: never } = new AbortController()

describe('the recognition', () => {
  for (const [engine, processes] of [
    ['warm', { eng: 2 }],
    ['oneshot', {}],
  ] as const) {
    it(`by the ${engine} engine is seen as a whole, and its self-test is no page`, async (t) => {
      const workDir = mkdtempSync('/dev/shm/recognition-test-')
      const stops: Array<() => Promise<void> | void> = []
      t.after(async () => {
        for (const stop of stops.toReversed()) await stop()
        rmSync(workDir, { recursive: true })
      })
      const { instruments, values } = metered()
      const { tracing, spans } = recordedTracing()
      const { pipeline, selfTest, size } = await createRecognition({
        settings: loadSettings(modelSettings, {
          OCR_ENGINE: engine,
          OCR_ENGINE_PROCESSES: '2',
          OCR_WORK_DIR: workDir,
        }),
        log: pino({ level: 'silent' }),
        onStop: (stop) => stops.push(stop),
        instruments,
        tracing,
      })
      const readings = () => values('ocr_engine_recognition_duration_seconds_count')

      await selfTest()
      assert.deepEqual(await values('ocr_pages_total'), {})
      assert.deepEqual(await readings(), {})
      assert.deepEqual(spans, [])

      const share = createShare({ size, maxPdfBytes: 0 })
      await pipeline.recognize({ image: await receipt(1), options: {} }, never, share)
      assert.deepEqual(await values('ocr_pages_total'), { 'read eng': 1 })
      assert.deepEqual(await readings(), { read: 1 })
      assert.deepEqual(await values('ocr_engine_processes'), processes)
      assert.deepEqual(await values('ocr_slots_limit'), { '': 2 })
      assert.deepEqual(await values('ocr_slots_busy'), { '': 0 })
      assert.ok(((await values('ocr_programs_cpu_seconds_total'))[''] ?? 0) > 0.05)
      const inside = spans.filter(({ parent }) => parent === 'page').map(({ name }) => name)
      const steps = ['queue', 'decode', 'normalize', 'engine', 'recognize', 'parse']
      assert.deepEqual(inside, steps)
    })
  }
})
