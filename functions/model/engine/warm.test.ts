import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { engineParts } from '../fixtures/engine-limits.ts'
import { createProc, type Proc } from '../proc.ts'
import { parseHocr } from './hocr.ts'
import type { EngineLimits } from './limits.ts'
import { createWarmEngine } from './warm.ts'

const fake = join(import.meta.dirname, 'fixtures', 'fake-tesseract')
const { signal: never } = new AbortController()

interface WarmChange extends Partial<EngineLimits> {
  readonly size: number
  readonly file?: string
  readonly onLoad?: (hasLoaded: boolean) => void
  readonly proc?: Proc
}

/** An engine of fake processes; `read` returns the word on the page and the process that read it. */
function warm(t: TestContext, options: WarmChange) {
  const { size, file = fake, onLoad, proc = createProc(), ...limits } = options
  const engine = createWarmEngine({ ...engineParts(limits), file, size, onLoad, proc })
  t.after(() => engine.close())
  const read = async (lang: string, path = '/tmp/page.tif', signal = never, learns = false) => {
    const options = { lang, tessdata: '', psm: 3, oem: 3, learns }
    const hocr = await engine.recognize(path, options, signal)
    const text = parseHocr(hocr).blocks[0]?.paragraphs[0]?.lines[0]?.words[0]?.text ?? ''
    const [word, pid] = text.split(' ')
    return { word, pid: Number(pid) }
  }
  return { engine, read }
}

const isRunning = (pid: number) => existsSync(`/proc/${pid}`)

describe('the warm engine', () => {
  it('reads page after page in the same process', async (t) => {
    const { read } = warm(t, { size: 1 })
    const first = await read('fine', '/tmp/one.tif')
    const second = await read('fine', '/tmp/two.tif')
    assert.equal(first.word, 'one.tif')
    assert.equal(second.word, 'two.tif')
    assert.equal(first.pid, second.pid)
  })

  it('reads as many pages at once as it has places, and no more', async (t) => {
    const { read } = warm(t, { size: 2 })
    const pages = [read('slow'), read('slow')]
    await assert.rejects(read('slow'), /More than 2 pages at once/)
    const [first, second] = await Promise.all(pages)
    assert.notEqual(first?.pid, second?.pid)
  })

  it('lets the least recently used process give way to other options', async (t) => {
    const { read } = warm(t, { size: 2 })
    const a = await read('a')
    const b = await read('b')
    assert.equal((await read('a')).pid, a.pid)
    const c = await read('c')
    assert.equal(isRunning(b.pid), false)
    assert.equal((await read('a')).pid, a.pid)
    assert.equal((await read('c')).pid, c.pid)
  })

  it('starts a fresh process for a page after the last that a process may read', async (t) => {
    const { read } = warm(t, { size: 1, maxPages: 2 })
    const pids = [await read('fine'), await read('fine'), await read('fine')].map(({ pid }) => pid)
    assert.equal(pids[0], pids[1])
    assert.notEqual(pids[1], pids[2])
    assert.equal(isRunning(pids[0] ?? 0), false)
  })

  it('gives each page a fresh process where one would read the next page by it', async (t) => {
    const { read } = warm(t, { size: 1 })
    const learned = await read('fine', '/tmp/page.tif', never, true)
    assert.equal(isRunning(learned.pid), false)
    assert.notEqual((await read('fine', '/tmp/page.tif', never, true)).pid, learned.pid)
  })

  it('starts a fresh process in place of one that keeps much memory', async (t) => {
    const { read } = warm(t, { size: 1, residentBytes: 50_000_000 })
    const lean = await read('fine')
    assert.equal((await read('fine')).pid, lean.pid)
    const hungry = await read('hungry')
    assert.equal(isRunning(hungry.pid), false)
    assert.notEqual((await read('hungry')).pid, hungry.pid)
  })

  it('starts a fresh process before one runs out of CPU time', async (t) => {
    let used = 0
    const proc = { ...createProc(), cpu: () => ({ parent: 0, own: used, ended: 0 }) }
    const { read } = warm(t, { size: 1, pageSeconds: 10, proc })
    const first = await read('fine')
    used = 190
    assert.equal((await read('fine')).pid, first.pid)
    used = 190.01
    assert.equal((await read('fine')).pid, first.pid)
    used = 0
    assert.notEqual((await read('fine')).pid, first.pid)
  })

  it('tells of each process whether it has loaded, if it was not ended for other options', async (t) => {
    const loads: boolean[] = []
    const onLoad = (hasLoaded: boolean) => loads.push(hasLoaded)
    const { engine, read } = warm(t, { size: 1, onLoad })
    await read('fine')
    assert.deepEqual(loads, [true])
    // Two for the page and one for the next.
    await assert.rejects(read('dies_at_start'))
    while (loads.length < 4) await new Promise((resolve) => setTimeout(resolve, 5))
    assert.deepEqual(loads, [true, false, false, false])
    const aborted = read('hangs_at_start', '/tmp/page.tif', AbortSignal.timeout(50))
    await assert.rejects(aborted)
    await engine.close()
    assert.deepEqual(loads, [true, false, false, false])
  })

  it('tries a page again on a fresh process when one crashed', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'warm-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const { read } = warm(t, { size: 1 })
    assert.equal((await read('crashes_once', join(folder, 'page.tif'))).word, 'page.tif')
  })

  it('gives up after two crashes on the same page and then reads the next', async (t) => {
    const { read } = warm(t, { size: 1 })
    await assert.rejects(read('crashes'), { kind: 'engine_crashed' })
    assert.equal((await read('fine')).word, 'page.tif')
  })

  it('says that the engine is unavailable when processes die before their first page', async (t) => {
    const { read } = warm(t, { size: 1 })
    await assert.rejects(read('dies_at_start'), { kind: 'engine_unavailable' })
    const missing = warm(t, { size: 1, file: '/nonexistent/tesseract' })
    await assert.rejects(missing.read('fine'), { kind: 'engine_unavailable' })
    assert.equal((await read('fine')).word, 'page.tif')
  })

  it('says so, too, when they do not come to an end with loading, and has its place again', async (t) => {
    const { read } = warm(t, { size: 1, loadMs: 200 })
    await assert.rejects(read('hangs_at_start'), { kind: 'engine_unavailable' })
    assert.equal((await read('fine')).word, 'page.tif')
  })

  it('kills a page that is aborted, without a second try, and has its place again', async (t) => {
    const { read } = warm(t, { size: 1 })
    const controller = new AbortController()
    setTimeout(() => controller.abort('enough'), 50)
    await assert.rejects(read('hangs', '/tmp/page.tif', controller.signal), (reason) => {
      return reason === 'enough'
    })
    assert.equal((await read('fine')).word, 'page.tif')
  })

  it('replaces a process that died while it was idle', async (t) => {
    const { read } = warm(t, { size: 1 })
    const { pid } = await read('fine')
    process.kill(pid, 'SIGKILL')
    assert.notEqual((await read('fine')).pid, pid)
  })

  it('leaves no process behind when it is closed', async (t) => {
    const { engine, read } = warm(t, { size: 2 })
    const pages = await Promise.all([read('slow'), read('slow')])
    await engine.close()
    assert.deepEqual(
      pages.map(({ pid }) => isRunning(pid)),
      [false, false],
    )
  })
})
