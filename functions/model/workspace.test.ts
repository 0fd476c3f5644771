import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { createWorkspace } from './workspace.ts'

describe('the workspace', () => {
  let parent: string
  beforeEach(() => {
    parent = mkdtempSync('/dev/shm/workspace-test-')
  })
  afterEach(() => rmSync(parent, { recursive: true, force: true }))

  it('gives each file a path of its own and removes it afterwards, written or not', async () => {
    const workspace = await createWorkspace(parent)
    {
      using one = workspace.file('.tif')
      using two = workspace.file('.tif')
      assert.notEqual(one.path, two.path)
      writeFileSync(one.path, 'x')
      assert.equal(readdirSync(workspace.path).length, 1)
    }
    assert.deepEqual(readdirSync(workspace.path), [])
  })

  it('removes all of itself', async () => {
    const workspace = await createWorkspace(parent)
    writeFileSync(workspace.file('.tif').path, 'x')
    await workspace.remove()
    assert.deepEqual(readdirSync(parent), [])
  })

  it('sweeps away what a killed process left, and nothing else', async () => {
    const dead = join(parent, 'ocr-model-4194305-a')
    const alive = join(parent, `ocr-model-${process.ppid}-a`)
    const foreign = join(parent, 'somebody-elses')
    for (const folder of [dead, alive, foreign]) mkdirSync(folder)
    await createWorkspace(parent)
    assert.deepEqual([dead, alive, foreign].map(existsSync), [false, true, true])
  })

  it('takes over from a process of the same number, as after a restart in a container', async () => {
    const first = await createWorkspace(parent)
    writeFileSync(first.file('.tif').path, 'x')
    const second = await createWorkspace(parent)
    assert.equal(existsSync(first.path), false)
    assert.deepEqual(readdirSync(second.path), [])
  })

  it('refuses a directory that is not in memory', async () => {
    await assert.rejects(createWorkspace(import.meta.dirname), /OCR_WORK_DIR.*tmpfs/)
  })
})
