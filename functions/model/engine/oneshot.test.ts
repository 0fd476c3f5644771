import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { receipt } from '../../../tests/documents/corpus.ts'
import { engineParts, usualLimits } from '../fixtures/engine-limits.ts'
import { installedTessdata } from '../fixtures/installation.ts'
import { createOneshotEngine } from './oneshot.ts'
import { createWarmEngine } from './warm.ts'

const options = { lang: 'eng', tessdata: await installedTessdata(), psm: 3, oem: 3 }
const { signal: never } = new AbortController()

const create = (change: Partial<Parameters<typeof createOneshotEngine>[0]> = {}) =>
  createOneshotEngine({ file: 'tesseract', timeoutMs: 30_000, limits: usualLimits, ...change })

describe('the oneshot engine', () => {
  let folder: string
  let path: string

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'oneshot-'))
    path = join(folder, 'page.png')
    writeFileSync(path, await receipt(1))
  })
  after(() => rmSync(folder, { recursive: true }))

  const pageIn = (hocr: string) => /<div class='ocr_page'.*\n {2}<\/div>\n/s.exec(hocr)?.[0]

  it('reads the same page as the warm engine', async (t) => {
    const warm = createWarmEngine({ file: 'tesseract', size: 1, ...engineParts() })
    t.after(() => warm.close())
    const oneshot = create()
    const ours = pageIn(await oneshot.recognize(path, options, never))
    assert.match(ours ?? '', /ocrx_word/)
    assert.equal(ours, pageIn(await warm.recognize(path, options, never)))
  })

  it('ends a page that takes too long', async () => {
    const engine = create({ timeoutMs: 1 })
    await assert.rejects(engine.recognize(path, options, never), { kind: 'engine_crashed' })
  })

  it('ends a page that takes more memory than it may', async () => {
    const limits = { ...usualLimits, memoryBytes: 48 * 2 ** 20 }
    await assert.rejects(create({ limits }).recognize(path, options, never), {
      kind: 'engine_crashed',
    })
  })

  it('starts nothing for a signal that has aborted', async () => {
    const engine = create({ file: '/nonexistent/tesseract' })
    await assert.rejects(engine.recognize(path, options, AbortSignal.abort('gone')), (reason) => {
      return reason === 'gone'
    })
  })

  it('fails clearly when there is no such program', async () => {
    const engine = create({ file: '/nonexistent/tesseract' })
    await assert.rejects(engine.recognize(path, options, never), { kind: 'engine_crashed' })
  })
})
