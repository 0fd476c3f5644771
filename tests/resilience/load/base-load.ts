import type { Entry } from './ask.ts'
import { type AskNext, closedLoop, type Load, startLoad, throughput } from './generator.ts'

/** Of what the services can do; the rest is for what goes wrong. */
const baseShare = 0.7
/** Requests at once that keep both services at work, and are fewer than there is room for. */
const workers = 4

/**
 * Requests that are read in a second when as many are sent as can be read.
 * @throws Error when none is read
 */
export async function measureCapacity(
  askNext: AskNext,
  seconds: number,
): Promise<{ readonly perSecond: number; readonly entries: Entry[] }> {
  const entries = await closedLoop(askNext, { workers, seconds })
  const perSecond = throughput(entries)
  if (perSecond === 0) throw new Error(`Nothing was read: ${JSON.stringify(entries[0]?.end)}`)
  return { perSecond, entries }
}

/**
 * Measures what the services can do, and then has them do 70 % of it.
 * @param askPage by which it is measured, where the load is more than pages that are read
 */
export async function startBaseLoad(
  askNext: AskNext,
  measureSeconds: number,
  askPage = askNext,
): Promise<Load> {
  const { perSecond } = await measureCapacity(askPage, measureSeconds)
  return startLoad(askNext, baseShare * perSecond)
}

/** Gives one after the other, again and again. */
export function inTurn<T>(items: readonly T[]): () => T {
  let count = 0
  return () => items[count++ % items.length] as T
}
