import { descendantsOf, memoryIn } from '../tests/services/processes.ts'
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

/** Watches the memory of all processes that came of this one; `stop` returns the most seen, in MiB. */
export function watchMemory(): { stop(): number } {
  let peak = 0
  const timer = setInterval(() => {
    const sizes = descendantsOf(process.pid).map((pid) => memoryIn(pid, 'VmRSS'))
    peak = Math.max(
      peak,
      sizes.reduce((sum, size) => sum + size, 0),
    )
  }, 250)
  return {
    stop() {
      clearInterval(timer)
      return peak
    },
  }
}
