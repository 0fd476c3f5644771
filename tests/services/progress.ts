import { cpuTicksOf } from './processes.ts'
import type { Model } from './start.ts'
import { until } from './until.ts'

/** Clock ticks that an engine works on a page before it counts as busy; loading takes some 7. */
const busyTicks = 20

/** Waits until an engine is in the middle of a page. */
export function busyEngine(model: Pick<Model, 'engines'>): Promise<number> {
  const idle = new Map(model.engines().map((pid) => [pid, cpuTicksOf(pid)]))
  return until(() =>
    model.engines().find((pid) => cpuTicksOf(pid) > (idle.get(pid) ?? 0) + busyTicks),
  )
}

/** Pages of which the model has a working file. */
export const pagesUnderWay = (model: Model): number =>
  model.workFiles().filter((name) => name.endsWith('.tif')).length

/** Requests for a document or its pages that the model has answered. */
export const readingsOf = (model: Model): number => model.log().split('/infer"').length - 1
