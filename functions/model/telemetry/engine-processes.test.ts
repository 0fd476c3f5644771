import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { receipt } from '../../../tests/documents/corpus.ts'
import type { EndReason } from '../engine/process.ts'
import { createWarmEngine, type StartedProcess } from '../engine/warm.ts'
import { engineParts } from '../fixtures/engine-limits.ts'
import { installedTessdata } from '../fixtures/installation.ts'
import { metered } from '../fixtures/metered.ts'
import { createProc, type Proc } from '../proc.ts'
import { observeProcesses } from './engine-processes.ts'

const fake = join(import.meta.dirname, '..', 'engine', 'fixtures', 'fake-tesseract')
const { signal: never } = new AbortController()

interface EngineChange {
  readonly file?: string
  readonly tessdata?: string
  readonly maxPages?: number
  readonly proc?: Proc
}

/** An engine of one process whose processes are counted. */
function counted(t: TestContext, change: EngineChange = {}) {
  const { file = fake, tessdata = '', maxPages = 100, proc = createProc() } = change
  const { instruments, values } = metered()
  const pids: number[] = []
  const observe = observeProcesses(instruments, proc)
  const onStart = (process: StartedProcess) => {
    pids.push(process.pid)
    observe(process)
  }
  const engine = createWarmEngine({ ...engineParts({ maxPages }), file, size: 1, onStart })
  t.after(() => engine.close())
  const read = (lang: string, signal = never, path = '/tmp/page.tif') =>
    engine.recognize(path, { lang, tessdata, psm: 3, oem: 3 }, signal)
  const started = async () => (await values('ocr_engine_processes_started_total'))['']
  const ended = () => values('ocr_engine_processes_ended_total')
  return { engine, read, pids, values, started, ended }
}

/** A process of ours that a test ends. */
function standIn(pid = process.pid) {
  const { promise: ended, resolve: end } = Promise.withResolvers<EndReason>()
  return { started: { pid, lang: 'eng', ended }, end }
}

describe('the processes of the engine', () => {
  it('are counted by the language that they have loaded, as long as they are there', async (t) => {
    const { engine, read, started, ended, values } = counted(t)
    assert.deepEqual([await started(), await ended()], [0, {}])
    await read('fine')
    assert.deepEqual([await started(), await ended()], [1, {}])
    assert.deepEqual(await values('ocr_engine_processes'), { fine: 1 })
    await engine.close()
    assert.deepEqual(await ended(), { closed: 1 })
    assert.deepEqual(await values('ocr_engine_processes'), { fine: 0 })
  })

  it('are recycled after their last page', async (t) => {
    const { read, started, ended } = counted(t, { maxPages: 2 })
    await read('fine')
    assert.deepEqual(await ended(), {})
    await read('fine')
    assert.deepEqual([await started(), await ended()], [2, { recycled: 1 }])
  })

  it('are replaced by those with other options', async (t) => {
    const { read, started, ended, values } = counted(t)
    await read('one')
    assert.deepEqual(await values('ocr_engine_processes'), { one: 1 })
    await read('two')
    assert.deepEqual([await started(), await ended()], [2, { replaced: 1 }])
    assert.deepEqual(await values('ocr_engine_processes'), { one: 0, two: 1 })
  })

  it('are killed with a page that is aborted', async (t) => {
    const { read, started, ended } = counted(t)
    await read('hangs', AbortSignal.timeout(100)).catch(() => undefined)
    assert.deepEqual([await started(), await ended()], [2, { killed: 1 }])
  })

  it('have crashed when they end by themselves or are ended by somebody else', async (t) => {
    const { read, pids, started, ended } = counted(t)
    await assert.rejects(read('crashes'), { kind: 'engine_crashed' })
    await assert.rejects(read('floods'), { kind: 'output_too_large' })
    // Two tries, and one; after `crashes` a process stood ready that gave way to that of `floods`.
    assert.deepEqual([await started(), await ended()], [5, { crashed: 3, replaced: 1 }])
    await read('fine')
    process.kill(pids.at(-1) ?? 0, 'SIGKILL')
    await read('fine')
    assert.deepEqual(await ended(), { crashed: 4, replaced: 2 })
  })

  it('have crashed, too, when there is no such program', async (t) => {
    const { read, started, ended } = counted(t, { file: '/nonexistent/tesseract' })
    await assert.rejects(read('fine'), { kind: 'engine_unavailable' })
    // Two tries, and one more that was to stand ready.
    assert.equal(await started(), 3)
    while ((await ended())['crashed'] !== 3) await new Promise((resolve) => setTimeout(resolve, 5))
  })

  it('have their memory and their time counted while they are there and after', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'processes-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const path = join(folder, 'page.png')
    writeFileSync(path, await receipt(1))
    const real = { file: 'tesseract', tessdata: await installedTessdata() }
    const { engine, read, pids, values } = counted(t, real)
    const cpu = async () => (await values('ocr_programs_cpu_seconds_total'))[''] ?? 0
    const memory = async () => (await values('ocr_engine_memory_bytes'))['eng'] ?? 0

    const before = await cpu()
    await read('eng', never, path)
    const during = await cpu()
    const [own] = pids.map((pid) => createProc().cpu(pid)?.own)
    assert.ok(own && during - before >= own - 0.02, `${before} ${during} ${own}`)
    // It has loaded 4 MB of data at the least.
    assert.ok((await memory()) > 4e6 && (await memory()) < 1e9)

    await engine.close()
    assert.ok((await cpu()) >= during)
    assert.equal(await memory(), 0)
  })
})

describe('the CPU time of programs', () => {
  it('takes that of an engine from itself until the kernel has added it to ours', async () => {
    const { instruments, values } = metered()
    const cpu = { self: { parent: 1, own: 9, ended: 5 }, engine: 2 }
    const { started, end } = standIn(4711)
    const observe = observeProcesses(instruments, {
      residentBytes: () => undefined,
      cpu: (pid) =>
        pid === 'self' ? cpu.self : { parent: process.pid, own: cpu.engine, ended: 0 },
    })
    observe(started)
    const told = async () => (await values('ocr_programs_cpu_seconds_total'))['']
    assert.equal(await told(), 7)
    cpu.engine = 3
    assert.equal(await told(), 8)
    cpu.self = { ...cpu.self, ended: 8.01 }
    end('crashed')
    await started.ended
    assert.equal(await told(), 8.01)
    // Rounding must not look as if it had begun anew.
    cpu.self = { ...cpu.self, ended: 8 }
    assert.equal(await told(), 8.01)
  })

  it('leaves out a process of somebody else that has the number of an engine', async () => {
    const { instruments, values } = metered()
    const observe = observeProcesses(instruments, {
      residentBytes: () => undefined,
      cpu: (pid) => ({ parent: 1, own: 100, ended: pid === 'self' ? 5 : 0 }),
    })
    observe(standIn(4711).started)
    assert.deepEqual(await values('ocr_programs_cpu_seconds_total'), { '': 5 })
  })

  it('is not told where there is no /proc, nor is memory', async () => {
    const { instruments, values } = metered()
    observeProcesses(instruments, createProc('/nonexistent'))(standIn().started)
    assert.deepEqual(await values('ocr_programs_cpu_seconds_total'), {})
    assert.deepEqual(await values('ocr_engine_memory_bytes'), {})
    assert.deepEqual(await values('ocr_engine_processes'), { eng: 1 })
  })
})
