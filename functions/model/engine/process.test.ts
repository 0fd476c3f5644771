import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { usualLimits } from '../fixtures/engine-limits.ts'
import { warmArguments } from './arguments.ts'
import { parseHocr } from './hocr.ts'
import { kernelLimits } from './limits.ts'
import { ProcessDied, WarmProcess } from './process.ts'

const file = join(import.meta.dirname, 'fixtures', 'fake-tesseract')
const { signal: never } = new AbortController()
const usual = kernelLimits(usualLimits)

function start(
  t: TestContext,
  behavior: string,
  limits = usual,
  { outputBytes } = usualLimits,
): WarmProcess {
  const child = new WarmProcess({
    file,
    args: warmArguments({ lang: behavior, tessdata: '', psm: 3, oem: 3 }),
    limits,
    loadMs: 10_000,
    outputBytes,
  })
  t.after(() => child.kill('closed'))
  return child
}

const wordOf = (hocr: string) =>
  parseHocr(hocr).blocks[0]?.paragraphs[0]?.lines[0]?.words[0]?.text.split(' ')[0]

/** Killing is a matter of milliseconds; the fixture itself would sleep for a minute. */
const soon = 2_000

describe('a warm process', () => {
  it('reads page after page', async (t) => {
    const child = start(t, 'fine')
    assert.equal(wordOf(await child.recognize('/tmp/one.tif', never)), 'one.tif')
    assert.equal(wordOf(await child.recognize('/tmp/two.tif', never)), 'two.tif')
    assert.equal(child.pages, 2)
  })

  it('gets one thread and nothing of our environment', async (t) => {
    const child = start(t, 'fine')
    await child.recognize('/tmp/one.tif', never)
    const { readFile } = await import('node:fs/promises')
    const environment = await readFile(`/proc/${child.pid}/environ`, 'utf8')
    const names = environment.split('\0').map((line) => line.split('=')[0])
    assert.ok(environment.includes('OMP_THREAD_LIMIT=1'))
    assert.deepEqual(
      names.filter((name) => name?.startsWith('npm_') || name === 'HOME'),
      [],
    )
  })

  it('is not held up by what the program says on stderr', async (t) => {
    const child = start(t, 'complains')
    assert.equal(wordOf(await child.recognize('/tmp/one.tif', never)), 'one.tif')
  })

  const behaviors = ['dies_at_start', 'crashes', 'crashes_halfway', 'repeats_at_once']
  for (const behavior of behaviors) {
    it(`rejects and is gone when the program ${behavior.replaceAll('_', ' ')}`, async (t) => {
      const child = start(t, behavior)
      await assert.rejects(child.recognize('/tmp/one.tif', never), (error) => {
        assert.ok(error instanceof ProcessDied)
        assert.equal(error.wasStarting, behavior === 'dies_at_start')
        return true
      })
      assert.equal(child.isAlive, false)
    })
  }

  it('reads a page of as many bytes as are allowed, and is gone when it has one more', async (t) => {
    const read = (outputBytes: number) =>
      start(t, 'mumbles', usual, { ...usualLimits, outputBytes }).recognize('/tmp/one.tif', never)
    const page = await read(usualLimits.outputBytes)
    assert.equal(await read(page.length), page)
    const message = `A page has more than the ${page.length - 1} bytes of hOCR that are allowed.`
    await assert.rejects(read(page.length - 1), { kind: 'output_too_large', message })
  })

  it('is gone when it never ends its page', async (t) => {
    const child = start(t, 'floods')
    await assert.rejects(child.recognize('/tmp/one.tif', never), { kind: 'output_too_large' })
    assert.equal(child.isAlive, false)
  })

  for (const behavior of ['hangs', 'hangs_at_start']) {
    it(`is killed with all of its group when it ${behavior} and the signal aborts`, async (t) => {
      const child = start(t, behavior)
      const began = performance.now()
      const reason = new Error('too late')
      const controller = new AbortController()
      setTimeout(() => controller.abort(reason), 50)
      await assert.rejects(child.recognize('/tmp/one.tif', controller.signal), reason)
      assert.ok(performance.now() - began < soon)
      assert.equal(child.isAlive, false)
      assert.equal(existsSync(`/proc/${child.pid}`), false)
    })
  }

  it('is gone when it gives a page too much, which is not taken for the next', async (t) => {
    const child = start(t, 'repeats')
    await child.recognize('/tmp/one.tif', never)
    await assert.rejects(child.recognize('/tmp/two.tif', never), ProcessDied)
    assert.equal(child.isAlive, false)
  })

  it('rejects at once when the signal has aborted before', async (t) => {
    const child = start(t, 'fine')
    await assert.rejects(child.recognize('/tmp/one.tif', AbortSignal.abort('gone')), (reason) => {
      return reason === 'gone'
    })
    assert.equal(child.pages, 0)
  })

  it('is limited by the kernel in memory, CPU time and files', async (t) => {
    const child = start(t, 'fine', { memoryBytes: 2 ** 30, cpuSeconds: 77 })
    await child.recognize('/tmp/one.tif', never)
    const rows = readFileSync(`/proc/${child.pid}/limits`, 'utf8')
    const soft = (name: string) => new RegExp(`^Max ${name} +(\\d+)`, 'm').exec(rows)?.[1]
    assert.deepEqual(['address space', 'cpu time', 'file size', 'core file size'].map(soft), [
      String(2 ** 30),
      '77',
      '0',
      '0',
    ])
  })

  it('is gone when a page takes more memory than it may have', async (t) => {
    const child = start(t, 'hungry', { memoryBytes: 2 ** 27, cpuSeconds: 60 })
    await assert.rejects(child.recognize('/tmp/one.tif', never), ProcessDied)
    assert.equal(child.isAlive, false)
    const roomy = start(t, 'hungry', { memoryBytes: 2 ** 31, cpuSeconds: 60 })
    assert.equal(wordOf(await roomy.recognize('/tmp/one.tif', never)), 'one.tif')
  })

  it('is gone when it takes more CPU time than it may have', async (t) => {
    const child = start(t, 'spins', { memoryBytes: 2 ** 30, cpuSeconds: 1 })
    await assert.rejects(child.recognize('/tmp/one.tif', never), ProcessDied)
    assert.equal(child.isAlive, false)
  })

  it('rejects when the program does not exist', async (t) => {
    const child = new WarmProcess({
      file: '/nonexistent/tesseract',
      args: [],
      limits: usual,
      loadMs: 10_000,
      outputBytes: usualLimits.outputBytes,
    })
    t.after(() => child.kill('closed'))
    await assert.rejects(child.recognize('/tmp/one.tif', never), ProcessDied)
  })

  it('ends by itself when it is closed', async (t) => {
    const child = start(t, 'fine')
    await child.recognize('/tmp/one.tif', never)
    await child.close('closed')
    assert.equal(child.isAlive, false)
  })

  it('is killed when it does not end by itself', async (t) => {
    const child = start(t, 'hangs')
    const page = child.recognize('/tmp/one.tif', never)
    page.catch(() => undefined)
    while (child.pages === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    // Time for the fixture to read its line; it would end by itself without one.
    await new Promise((resolve) => setTimeout(resolve, 100))
    const began = performance.now()
    await child.close('closed')
    assert.ok(performance.now() - began < soon)
    await assert.rejects(page, ProcessDied)
  })
})
