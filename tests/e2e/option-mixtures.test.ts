import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { parseHocr } from '../../functions/model/engine/hocr.ts'
import { createWarmEngine } from '../../functions/model/engine/warm.ts'
import { engineParts } from '../../functions/model/fixtures/engine-limits.ts'
import { installedTessdata } from '../../functions/model/fixtures/installation.ts'
import { createSlots, type Slots } from '../../functions/platform/slots.ts'
import { createRandom } from '../documents/random.ts'
import { childrenOf } from '../services/processes.ts'
import { mixedPages, type Page } from './option-mixture.ts'
import { countTurns } from './turns.ts'

const size = 2
const count = 40
const clients = 20
const file = 'tesseract'

const keyOf = ({ options }: Page): string => JSON.stringify(options)

const documentOf = (hocr: string): string => JSON.stringify(parseHocr(hocr))

/** Counts the processes below this one, whenever one has started and in between. */
function watchEngines() {
  const others = new Set(childrenOf(process.pid))
  const seen = { most: 0, started: 0, left: 0 }
  const look = () => {
    seen.left = childrenOf(process.pid).filter((pid) => !others.has(pid)).length
    seen.most = Math.max(seen.most, seen.left)
  }
  const onStart = () => {
    seen.started++
    look()
  }
  const timer = setInterval(look, 25)
  return { seen, look, onStart, [Symbol.dispose]: () => clearInterval(timer) }
}

/** Has pages read by the two engines; undefined for those that were given up. */
async function readShared(pages: readonly Page[]) {
  using watch = watchEngines()
  const { onStart } = watch
  const engine = createWarmEngine({ ...engineParts({ maxPages: 3 }), file, size, onStart })
  const slots = createSlots(size)
  const turns = countTurns()
  const read = async (page: Page): Promise<string | undefined> => {
    const onTurn = turns.begin(keyOf(page))
    using _slot = await slots.acquire(AbortSignal.timeout(60_000), keyOf(page))
    onTurn()
    const { path, options, goneAfterMs } = page
    const signal = AbortSignal.timeout(goneAfterMs ?? 60_000)
    try {
      return documentOf(await engine.recognize(path, options, signal))
    } catch (error) {
      if (goneAfterMs === undefined || error !== signal.reason) throw error
      return undefined
    }
  }
  const documents = await readForClients(pages, read)
  await engine.close()
  watch.look()
  return { documents, engines: watch.seen, waits: turns.waits }
}

/** Each client asks for another page when it has one. */
async function readForClients<T>(pages: readonly Page[], read: (page: Page) => Promise<T>) {
  const documents = new Map<Page, T>()
  const waiting = pages.values()
  const client = async () => {
    for (const page of waiting) {
      // Whoever has a slot by now has begun when the next page is asked for.
      await setImmediate()
      documents.set(page, await read(page))
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  return documents
}

/** What a process reads that has read nothing before. */
async function readAlone({ path, options }: Page, slots: Slots): Promise<string> {
  using _slot = await slots.acquire(AbortSignal.timeout(60_000))
  const engine = createWarmEngine({ ...engineParts(), file, size: 1 })
  try {
    return documentOf(await engine.recognize(path, options, AbortSignal.timeout(60_000)))
  } finally {
    await engine.close()
  }
}

describe('pages of many languages and modes that share two engines', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mixture-'))
  let shared: Awaited<ReturnType<typeof readShared>>

  before(async () => {
    const pages = await mixedPages(count, folder, await installedTessdata(), createRandom(11))
    shared = await readShared(pages)
  })
  after(() => rmSync(folder, { recursive: true }))

  it('have never more than two of them, however often one takes the place of another', () => {
    const { most, started, left } = shared.engines
    assert.deepEqual({ most, left }, { most: size, left: 0 })
    assert.ok(started > count / 3, `${started} processes have taken turns`)
  })

  it('wait for no more than one page of each other kind for every turn of their own', () => {
    const { waits } = shared
    assert.equal(waits.length, count)
    assert.ok(waits.some(({ turns, passedBy }) => turns > 4 && passedBy.size > 4))
    for (const { turns, passedBy } of waits) {
      const most = Math.max(0, ...passedBy.values())
      assert.ok(most <= turns, `${most} pages of another kind in ${turns} turns`)
    }
  })

  it('give what a process gives that has read nothing else, to the last byte', async () => {
    const slots = createSlots(size)
    const alone = new Map<string, Promise<string>>()
    const check = async ([page, document]: readonly [Page, string | undefined]) => {
      if (document === undefined) return assert.ok(page.goneAfterMs)
      const name = `${page.path} ${keyOf(page)}`
      const reading = alone.get(name) ?? readAlone(page, slots)
      alone.set(name, reading)
      assert.equal(document, await reading)
    }
    await Promise.all([...shared.documents].map(check))
    const documents = new Set(await Promise.all(alone.values()))
    assert.ok(documents.size > count / 4, `${documents.size} documents differ`)
    assert.ok([...documents].some((document) => /[ぁ-ん]/.test(document)))
  })
})
