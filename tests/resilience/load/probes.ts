import type { Service } from '../../services/start.ts'
import { quantile } from '../report.ts'

/** What the kubelet would have seen. */
export interface Probes extends AsyncDisposable {
  /** Answers that were not 200, and probes without one within a second, as the kubelet counts them. */
  readonly failed: number
  readonly p99Ms: number
}

const everyMs = 250
const timeoutMs = 1_000

/** Asks a service again and again under some paths, until it is disposed of. */
export function startProbes({ url }: Pick<Service, 'url'>, paths: readonly string[]): Probes {
  const times: number[] = []
  const underWay = new Set<Promise<void>>()
  let failed = 0
  const probe = async (path: string) => {
    const start = performance.now()
    try {
      const answer = await fetch(url + path, { signal: AbortSignal.timeout(timeoutMs) })
      await answer.arrayBuffer()
      if (!answer.ok) failed++
    } catch {
      failed++
    }
    times.push(performance.now() - start)
  }
  const timer = setInterval(() => {
    for (const path of paths) {
      const done = probe(path).finally(() => underWay.delete(done))
      underWay.add(done)
    }
  }, everyMs)
  return {
    get failed() {
      return failed
    },
    get p99Ms() {
      return quantile(times, 0.99)
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await Promise.all(underWay)
    },
  }
}
