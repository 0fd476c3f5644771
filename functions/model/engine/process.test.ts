import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { warmArguments } from './arguments.ts'
import { parseHocr } from './hocr.ts'
import { ProcessDied, WarmProcess } from './process.ts'

const file = join(import.meta.dirname, 'fixtures', 'fake-tesseract')
const { signal: never } = new AbortController()

function start(t: TestContext, behavior: string): WarmProcess {
  const child = new WarmProcess({
    file,
    args: warmArguments({ lang: behavior, tessdata: '', psm: 3, oem: 3 }),
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

  for (const behavior of ['dies_at_start', 'crashes', 'crashes_halfway', 'floods']) {
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

  it('rejects at once when the signal has aborted before', async (t) => {
    const child = start(t, 'fine')
    await assert.rejects(child.recognize('/tmp/one.tif', AbortSignal.abort('gone')), (reason) => {
      return reason === 'gone'
    })
    assert.equal(child.pages, 0)
  })

  it('rejects when the program does not exist', async (t) => {
    const child = new WarmProcess({ file: '/nonexistent/tesseract', args: [] })
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
