import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { createProc } from './proc.ts'

describe('what the kernel tells of processes', () => {
  const proc = createProc()

  it('is the memory that a process has, in bytes', () => {
    const { rss } = process.memoryUsage()
    const told = proc.residentBytes(process.pid) ?? 0
    assert.ok(Math.abs(told - rss) < rss / 10, `${told} and ${rss}`)
  })

  it('is its CPU time in seconds, and its parent', () => {
    const used = process.cpuUsage()
    const seconds = (used.user + used.system) / 1e6
    const told = proc.cpu('self')
    assert.ok(told && Math.abs(told.own - seconds) < 0.1 + seconds / 10, `${told?.own}, ${seconds}`)
    assert.equal(told.parent, process.ppid)
    assert.deepEqual(proc.cpu(process.pid)?.parent, process.ppid)
  })

  it('is the CPU time of children that have ended', () => {
    const before = proc.cpu('self')?.ended ?? 0
    const burnt =
      'const end = process.cpuUsage().user + 3e5; while (process.cpuUsage().user < end);'
    spawnSync(process.execPath, ['-e', burnt])
    const seconds = (proc.cpu('self')?.ended ?? 0) - before
    assert.ok(seconds >= 0.25 && seconds < 3, String(seconds))
  })

  it('is found whatever a program is called', () => {
    const directory = mkdtempSync(join(tmpdir(), 'proc-'))
    mkdirSync(join(directory, '7'))
    const fields = 'S 42 7 7 0 -1 4194304 1 2 3 4 150 25 1000 200 20 0 1 0 99 1 1 1'
    writeFileSync(join(directory, '7', 'stat'), `7 (a) R 1 (b) ${fields}\n`)
    assert.deepEqual(createProc(directory).cpu(7), { parent: 42, own: 1.75, ended: 12 })
    rmSync(directory, { recursive: true })
  })

  it('is nothing of a process that is gone, and nothing where there is no /proc', () => {
    const { pid } = spawnSync('true')
    assert.deepEqual([proc.residentBytes(pid), proc.cpu(pid)], [undefined, undefined])
    const none = createProc('/nonexistent')
    assert.deepEqual([none.residentBytes(process.pid), none.cpu('self')], [undefined, undefined])
  })
})
