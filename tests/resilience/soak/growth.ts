import type { Service } from '../../services/start.ts'
import { type Watch, watch } from '../watch.ts'

/** From so many minutes on a run is long enough to tell a leak by the slope of memory. */
const longMinutes = 20
/** Until then caches fill, and the heap finds its size. */
const warmUpMinutes = 10
const slopeMiBPer10Minutes = 1
/** Of the peak of the last third beyond that of the one before, in a run that is too short for a slope. */
const laxGrowthMiB = 32
/** As many connections as the gateway keeps to the model. A leak by kills or clients that go away would be hundreds an hour. */
const laxDescriptors = 64

/** What a service gained in a run. */
export interface Growth extends Disposable {
  /** @param minutes that the run has taken */
  figures(minutes: number): Readonly<Record<string, number>>
  hasFlatMemory(minutes: number): boolean
  hasFlatDescriptors(): boolean
}

/** Watches a service for the rest of a run. */
export function watchGrowth(service: Service, everyMs: number): Growth {
  const seen = watch(service, everyMs)
  const slope = () => seen.slope(warmUpMinutes) * 10
  return {
    figures: (minutes) => ({
      peakMiB: seen.peakMiB,
      ...(minutes >= longMinutes
        ? { slopeMiBPer10Min: slope() }
        : { lateGrowthMiB: lateGrowth(seen) }),
      descriptorGrowth: descriptorGrowth(seen),
    }),
    hasFlatMemory: (minutes) =>
      minutes >= longMinutes ? slope() < slopeMiBPer10Minutes : lateGrowth(seen) < laxGrowthMiB,
    hasFlatDescriptors: () => descriptorGrowth(seen) <= laxDescriptors,
    [Symbol.dispose]: () => seen[Symbol.dispose](),
  }
}

type Samples = Watch['samples']

/** The first, the second or the last third. */
const third = (samples: Samples, number: 0 | 1 | 2): Samples =>
  samples.slice((samples.length * number) / 3, (samples.length * (number + 1)) / 3)

function lateGrowth({ samples }: Watch): number {
  const peak = (part: Samples) => Math.max(...part.map(({ memoryMiB }) => memoryMiB))
  return peak(third(samples, 2)) - peak(third(samples, 1))
}

/** The least in a part of a run are those that are always there, without those of requests under way. */
function descriptorGrowth({ samples }: Watch): number {
  const least = (part: Samples) => Math.min(...part.map(({ descriptors }) => descriptors))
  return least(third(samples, 2)) - least(third(samples, 0))
}
