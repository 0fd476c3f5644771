import { writeFileSync } from 'node:fs'
import { childrenOf, commandOf, memoryIn } from '../../services/processes.ts'
import type { Service } from '../../services/start.ts'

/** Memory of a process and of what it starts, in MB, while work was done. */
export interface Memory {
  /** By how much its peak was above what it had before. */
  readonly growthMB: number
  /** Of the largest program that it started for that, such as one that draws pages. */
  readonly childMB: number
}

const everyMs = 20

/** @returns what the work returned, and the memory it took */
export async function measured<T>(
  { pid }: Service,
  work: () => Promise<T>,
): Promise<Memory & { result: T }> {
  // The kernel's own mark of the peak misses nothing between two looks; 5 sets it back (proc(5), clear_refs).
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
  const before = peakMB(pid)
  const known = new Set(childrenOf(pid))
  const name = commandOf(pid)
  // Before it runs its program, a child has all that its parent has.
  const isProgram = (child: number) => !known.has(child) && commandOf(child) !== name
  let childMB = 0
  const timer = setInterval(() => {
    childMB = Math.max(childMB, ...childrenOf(pid).filter(isProgram).map(peakMB))
  }, everyMs)
  try {
    const result = await work()
    return { result, growthMB: peakMB(pid) - before, childMB }
  } finally {
    clearInterval(timer)
  }
}

/** The most resident memory; 0 once a process has ended. */
const peakMB = (pid: number): number => (memoryIn(pid, 'VmHWM') * 2 ** 20) / 1e6
