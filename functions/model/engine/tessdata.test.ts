import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { findInstallation } from './tessdata.ts'

const installed = { more: '', into: '' }

describe('findInstallation', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tessdata-'))
  })
  after(() => rmSync(folder, { recursive: true }))

  it('knows the version, the languages for text and their data', async () => {
    const { version, languages, hasOsd } = await findInstallation({
      ...installed,
      file: 'tesseract',
    })
    assert.match(version, /^\d+\.\d+/)
    assert.match(languages.get('eng')?.version ?? '', /^4\.00.*eng/)
    assert.equal(languages.get('eng')?.hasLegacy, false)
    assert.ok(!languages.has('osd'))
    assert.ok(hasOsd)
  })

  it('rejects when there is no such program', async () => {
    await assert.rejects(findInstallation({ ...installed, file: '/nonexistent/tesseract' }))
  })

  it('adds languages to those that are installed, and wins over these', async () => {
    const file = 'tesseract'
    const { directory, languages } = await findInstallation({ ...installed, file })
    const more = mkdtempSync(join(folder, 'more-'))
    copyFileSync(join(directory, 'eng.traineddata'), join(more, 'tlh.traineddata'))
    copyFileSync(join(directory, 'eng.traineddata'), join(more, 'eng.traineddata'))
    writeFileSync(join(more, 'README'), 'not a language')
    const into = join(folder, 'merged')
    const both = await findInstallation({ file, more, into })
    assert.deepEqual([...both.languages.keys()], [...languages.keys(), 'tlh'].sort())
    assert.equal(readlinkSync(join(into, 'eng.traineddata')), join(more, 'eng.traineddata'))
  })

  it('refuses a directory without any', async () => {
    const more = mkdtempSync(join(folder, 'empty-'))
    const into = join(folder, 'unused')
    const merging = findInstallation({ file: 'tesseract', more, into })
    await assert.rejects(merging, /OCR_TESSDATA is .* no \*\.traineddata/)
  })
})
