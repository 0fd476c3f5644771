import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { findInstallation } from './tessdata.ts'

const installed = { more: '', best: '', into: '' }

describe('findInstallation', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tessdata-'))
  })
  after(() => rmSync(folder, { recursive: true }))

  it('knows the version, the languages for text and their data', async () => {
    const { version, fast, best } = await findInstallation({ ...installed, file: 'tesseract' })
    const { languages } = fast
    assert.match(version, /^\d+\.\d+/)
    assert.match(languages.get('eng')?.version ?? '', /^4\.00.*eng/)
    assert.equal(languages.get('eng')?.hasLegacy, false)
    assert.ok(!languages.has('osd'))
    assert.equal(best, fast)
  })

  it('rejects when there is no such program', async () => {
    await assert.rejects(findInstallation({ ...installed, file: '/nonexistent/tesseract' }))
  })

  it('adds languages to those that are installed', async () => {
    const file = 'tesseract'
    const { directory, languages } = (await findInstallation({ ...installed, file })).fast
    const more = mkdtempSync(join(folder, 'more-'))
    copyFileSync(join(directory, 'eng.traineddata'), join(more, 'tlh.traineddata'))
    copyFileSync(join(directory, 'eng.traineddata'), join(more, 'eng.traineddata'))
    writeFileSync(join(more, 'README'), 'not a language')
    const into = join(folder, 'merged')
    const { fast, best } = await findInstallation({ file, more, best: '', into })
    assert.deepEqual([...fast.languages.keys()], [...languages.keys(), 'tlh'].sort())
    assert.equal(best, fast)
  })

  it('has more accurate data for the profile best alone', async () => {
    const file = 'tesseract'
    const { directory } = (await findInstallation({ ...installed, file })).fast
    const accurate = mkdtempSync(join(folder, 'accurate-'))
    copyFileSync(join(directory, 'eng.traineddata'), join(accurate, 'tlh.traineddata'))
    const into = join(folder, 'both')
    const { fast, best } = await findInstallation({ ...installed, file, best: accurate, into })
    assert.deepEqual([fast.languages.has('tlh'), best.languages.has('tlh')], [false, true])
    assert.ok(best.languages.has('eng'))
  })

  it('refuses a directory without any', async () => {
    const more = mkdtempSync(join(folder, 'empty-'))
    const into = join(folder, 'unused')
    const merging = (change: object) =>
      findInstallation({ ...installed, file: 'tesseract', into, ...change })
    await assert.rejects(merging({ more }), /OCR_TESSDATA is .* no \*\.traineddata/)
    await assert.rejects(merging({ best: more }), /OCR_TESSDATA_BEST is .* no \*\.traineddata/)
  })
})
