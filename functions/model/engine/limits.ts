import type { Proc } from '../proc.ts'
import type { KernelLimits } from '../program.ts'

/** What a process that reads page after page may take, and after what it is replaced. */
export interface EngineLimits {
  /** Pages. */
  readonly maxPages: number
  /** Resident memory that it keeps after a page. */
  readonly residentBytes: number
  /** Address space; a page that takes more ends it. */
  readonly memoryBytes: number
  /** Time for one page. */
  readonly pageSeconds: number
  /** Time to load the language data. */
  readonly loadMs: number
  /** hOCR of a page; one that has more is not read. */
  readonly outputBytes: number
}

/** A process has the CPU time for so many pages that each take all of theirs. */
const slowPages = 20

/** What the kernel holds it to. */
export const kernelLimits = ({ memoryBytes, pageSeconds }: EngineLimits): KernelLimits => ({
  memoryBytes,
  cpuSeconds: slowPages * pageSeconds,
})

/**
 * Whether a process should get no other page. One that gets a page has all the CPU time left that a page may take.
 */
export function isWornOut(
  { pid, pages }: { readonly pid: number | undefined; readonly pages: number },
  limits: EngineLimits,
  proc: Proc,
): boolean {
  if (pages >= limits.maxPages) return true
  if (pid === undefined) return false
  if ((proc.residentBytes(pid) ?? 0) > limits.residentBytes) return true
  return (proc.cpu(pid)?.own ?? 0) > (slowPages - 1) * limits.pageSeconds
}
