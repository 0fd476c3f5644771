import { setTimeout as sleep } from 'node:timers/promises'
import type { Entry } from './ask.ts'
import { isRead } from './ends.ts'

/** Sends one request, chosen by whoever makes this; never rejects. */
export type AskNext = () => Promise<Entry>

/** Requests at a fixed rate, whether or not earlier ones have been answered. */
export interface Load {
  /** In the order of their ends. */
  readonly entries: readonly Entry[]
  readonly sent: number
  /** By how much a request left later than planned, at most, in ms: the generator's own part in what was measured. */
  readonly mostLateMs: number
  /** Sends no more, and waits until all that were sent have ended. */
  stop(): Promise<void>
}

/** Begins an open loop. */
export function startLoad(askNext: AskNext, ratePerSecond: number): Load {
  const entries: Entry[] = []
  const underWay = new Set<Promise<unknown>>()
  const stopping = new AbortController()
  let sent = 0
  let mostLateMs = 0

  const send = () => {
    sent++
    const ended = askNext().then((entry) => {
      entries.push(entry)
      underWay.delete(ended)
    })
    underWay.add(ended)
  }
  const run = async () => {
    const start = performance.now()
    while (!stopping.signal.aborted) {
      const dueAt = start + (sent * 1000) / ratePerSecond
      const waitMs = dueAt - performance.now()
      if (waitMs > 0) await sleep(waitMs, undefined, stopping).catch(() => undefined)
      if (stopping.signal.aborted) return
      mostLateMs = Math.max(mostLateMs, performance.now() - dueAt)
      send()
    }
  }
  const running = run()

  return {
    entries,
    get sent() {
      return sent
    },
    get mostLateMs() {
      return mostLateMs
    },
    async stop() {
      stopping.abort()
      await running
      await Promise.all(underWay)
    },
  }
}

interface ClosedLoop {
  /** Requests at once. */
  readonly workers: number
  readonly seconds: number
}

/** Keeps a number of requests under way for some time; returns them when all have ended. */
export async function closedLoop(
  askNext: AskNext,
  { workers, seconds }: ClosedLoop,
): Promise<Entry[]> {
  const until = performance.now() + seconds * 1000
  const work = async () => {
    const entries: Entry[] = []
    while (performance.now() < until) entries.push(await askNext())
    return entries
  }
  return (await Promise.all(Array.from({ length: workers }, work))).flat()
}

/** Requests with status 200 in a second, from the first begin to the last end. */
export function throughput(entries: readonly Entry[]): number {
  const read = entries.filter(isRead)
  const start = Math.min(...entries.map(({ startedAt }) => startedAt))
  const end = Math.max(...read.map(({ endedAt }) => endedAt))
  return read.length === 0 ? 0 : read.length / ((end - start) / 1000)
}
