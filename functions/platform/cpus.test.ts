import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { allottedCpus } from './cpus.ts'

function cgroup(t: TestContext, files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'cgroup-'))
  t.after(() => rmSync(root, { recursive: true }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), `${content}\n`)
  }
  return root
}

const v1 = (quota: string) => ({
  'cpu/cpu.cfs_quota_us': quota,
  'cpu/cpu.cfs_period_us': '100000',
})

describe('allottedCpus', () => {
  for (const [name, files, expected] of [
    ['no cgroup', {}, 8],
    ['v2 without a limit', { 'cpu.max': 'max 100000' }, 8],
    ['v2 with two CPUs', { 'cpu.max': '200000 100000' }, 2],
    ['v2 with two and a half', { 'cpu.max': '250000 100000' }, 2],
    ['v2 with half a CPU', { 'cpu.max': '50000 100000' }, 1],
    ['v2 with more than the machine has', { 'cpu.max': '1600000 100000' }, 8],
    ['v1 without a limit', v1('-1'), 8],
    ['v1 with three CPUs', v1('300000'), 3],
  ] as const) {
    it(`is ${expected} of 8 for ${name}`, (t) => {
      assert.equal(allottedCpus(cgroup(t, files), 8), expected)
    })
  }
})
