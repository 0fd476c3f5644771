import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { usualLimits } from '../fixtures/engine-limits.ts'
import { isWornOut, kernelLimits } from './limits.ts'

const proc = {
  residentBytes: () => usualLimits.residentBytes,
  cpu: () => ({ parent: 1, own: 19 * usualLimits.pageSeconds, ended: 0 }),
}
const last = { pid: 2, pages: usualLimits.maxPages - 1 }

describe('the limits of a process', () => {
  it('let it go on as long as none is passed', () => {
    assert.equal(isWornOut(last, usualLimits, proc), false)
  })

  it('end it when it has read its pages, keeps more memory, or has no CPU time left for a page', () => {
    const limits = usualLimits
    assert.equal(isWornOut({ ...last, pages: limits.maxPages }, limits, proc), true)
    const grown = { ...proc, residentBytes: () => limits.residentBytes + 1 }
    assert.equal(isWornOut(last, limits, grown), true)
    const tired = {
      ...proc,
      cpu: () => ({ parent: 1, own: 19 * limits.pageSeconds + 1, ended: 0 }),
    }
    assert.equal(isWornOut(last, limits, tired), true)
  })

  it('leave a process that has gone to whoever finds it so', () => {
    const gone = { residentBytes: () => undefined, cpu: () => undefined }
    assert.equal(isWornOut(last, usualLimits, gone), false)
    assert.equal(isWornOut({ ...last, pid: undefined }, usualLimits, gone), false)
  })

  it('give a process CPU time for twenty of the slowest pages', () => {
    const { memoryBytes, pageSeconds } = usualLimits
    assert.deepEqual(kernelLimits(usualLimits), { memoryBytes, cpuSeconds: 20 * pageSeconds })
  })
})
