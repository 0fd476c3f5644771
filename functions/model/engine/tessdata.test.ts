import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { findInstallation } from './tessdata.ts'

describe('mergeTessdata', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tessdata-'))
  })
  after(() => rmSync(folder, { recursive: true }))

  it('adds languages to those that are installed', async () => {
    const file = 'tesseract'
    const { tessdata: installed, languages } = await findInstallation({ file, more: '', into: '' })
    const more = mkdtempSync(join(folder, 'more-'))
    copyFileSync(join(installed, 'eng.traineddata'), join(more, 'tlh.traineddata'))
    copyFileSync(join(installed, 'eng.traineddata'), join(more, 'eng.traineddata'))
    writeFileSync(join(more, 'README'), 'not a language')
    const into = join(folder, 'merged')
    const both = await findInstallation({ file, more, into })
    assert.deepEqual(both.languages, [...languages, 'tlh'].sort())
    assert.equal(both.tessdata.replace(/\/$/, ''), into)
  })

  it('refuses a directory without any', async () => {
    const more = mkdtempSync(join(folder, 'empty-'))
    const merging = findInstallation({ file: 'tesseract', more, into: join(folder, 'unused') })
    await assert.rejects(merging, /OCR_TESSDATA is .* no \*\.traineddata/)
  })
})
