import { cpuTicksOf, stateOf } from '../../services/processes.ts'
import type { Model } from '../../services/start.ts'
import { until } from '../../services/until.ts'

/** Engines in the middle of a page, or loading: one that waits for a page sleeps. */
export const enginesAtWork = (model: Model): number[] =>
  model.engines().filter((pid) => stateOf(pid) === 'R')

/** Waits until an engine works. */
export const engineAtWork = (model: Model): Promise<number> => until(() => enginesAtWork(model)[0])

/** Clock ticks of CPU time after which an engine is at a page for sure; loading takes some 7. */
const pageTicks = 20

/** Waits until so many engines are in the middle of pages that were sent just now. */
export async function enginesAtPages(model: Model, count: number): Promise<number[]> {
  const before = new Map(model.engines().map((pid) => [pid, cpuTicksOf(pid)]))
  return await until(() => {
    const pids = enginesAtWork(model).filter(
      (pid) => cpuTicksOf(pid) > (before.get(pid) ?? 0) + pageTicks,
    )
    return pids.length >= count ? pids : undefined
  })
}

/** Signals a process that may have ended in the meantime; tells whether it was still there. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}
