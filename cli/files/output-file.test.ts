import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { openOutputFile } from './output-file.ts'

describe('openOutputFile', () => {
  let folder: string
  let target: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ocr-output-'))
    target = join(folder, 'scan.txt')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const write = async (chunks: string[], { isForced = false, isFinished = true, to = target }) => {
    await using output = await openOutputFile(to, { isForced })
    for (const chunk of chunks) await output.write(chunk)
    if (isFinished) await output.finish()
  }

  it('writes all pieces, into a folder that it makes', async () => {
    const to = join(folder, 'new-folder', 'deep', 'scan.txt')
    await write(['one ', 'two'], { to })
    assert.equal(readFileSync(to, 'utf8'), 'one two')
    assert.deepEqual(readdirSync(join(folder, 'new-folder', 'deep')), ['scan.txt'])
  })

  it('leaves nothing behind of what is not finished', async () => {
    await write(['one'], { isFinished: false })
    assert.deepEqual(readdirSync(folder), [])
  })

  it('does not overwrite a file, neither one from before nor one that came meanwhile', async () => {
    await using output = await openOutputFile(target, { isForced: false })
    writeFileSync(target, 'precious')
    await assert.rejects(output.finish(), /scan\.txt is there already; --force overwrites it/)
    await assert.rejects(write(['one'], {}), /is there already/)
    assert.equal(readFileSync(target, 'utf8'), 'precious')
  })

  it('overwrites a file when it is told to, as soon as the new one is whole', async () => {
    writeFileSync(target, 'old')
    await write(['new'], { isForced: true, isFinished: false })
    assert.equal(readFileSync(target, 'utf8'), 'old')
    await write(['new'], { isForced: true })
    assert.equal(readFileSync(target, 'utf8'), 'new')
  })
})
