import { readdirSync, readFileSync } from 'node:fs'
import type { Contender } from './contenders.ts'

export interface Throughput {
  readonly perSecond: number
  /** Milliseconds of each request, sorted. */
  readonly latencies: readonly number[]
}

/**
 * Keeps `concurrency` requests under way until `seconds` have passed and each lane has been answered
 * at least once. Throughput counts the time until the last answer.
 */
export async function measure(
  contender: Contender,
  image: Buffer,
  { concurrency, seconds }: { concurrency: number; seconds: number },
): Promise<Throughput> {
  const latencies: number[] = []
  const start = performance.now()
  const lane = async () => {
    do {
      const began = performance.now()
      await contender.read(image)
      latencies.push(performance.now() - began)
    } while (performance.now() - start < seconds * 1000)
  }
  await Promise.all(Array.from({ length: concurrency }, lane))
  const elapsed = (performance.now() - start) / 1000
  latencies.sort((a, b) => a - b)
  return { perSecond: latencies.length / elapsed, latencies }
}

/** Nearest-rank percentile of sorted values. */
export const percentile = (sorted: readonly number[], percent: number): number =>
  sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN

export const median = (values: readonly number[]): number =>
  percentile(
    values.toSorted((a, b) => a - b),
    50,
  )

/** Watches the memory of all processes that came of this one; `stop` returns the most seen, in bytes. */
export function watchMemory(): { stop(): number } {
  let peak = 0
  const timer = setInterval(() => {
    peak = Math.max(peak, descendantsMemory(process.pid))
  }, 250)
  return {
    stop() {
      clearInterval(timer)
      return peak
    },
  }
}

/** Resident memory of the descendants of a process, itself left out. */
function descendantsMemory(root: number): number {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(readProcess)
  const family = new Set([root])
  let size = 0
  // A child may have a smaller number than its parent, so pass over the list until none is added.
  while (size !== family.size) {
    size = family.size
    for (const { pid, parent } of processes) if (family.has(parent)) family.add(pid)
  }
  family.delete(root)
  return processes.filter(({ pid }) => family.has(pid)).reduce((sum, { bytes }) => sum + bytes, 0)
}

function readProcess(name: string): Array<{ pid: number; parent: number; bytes: number }> {
  try {
    const status = readFileSync(`/proc/${name}/status`, 'utf8')
    const field = (key: string) =>
      Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
    return [{ pid: Number(name), parent: field('PPid'), bytes: field('VmRSS') * 1024 }]
  } catch {
    return [] // It ended while we looked.
  }
}
