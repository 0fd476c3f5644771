import { descriptorsOf, memoryMiB } from '../services/processes.ts'
import type { Service } from '../services/start.ts'

interface Sample {
  /** Minutes since the watch began. */
  readonly minutes: number
  readonly memoryMiB: number
  readonly descriptors: number
}

/** What a process had over time. */
export interface Watch extends Disposable {
  readonly samples: readonly Sample[]
  /** The most memory, in MiB. */
  readonly peakMiB: number
  /**
   * By how much memory grew, in MiB a minute: the slope of the line that is nearest to all samples.
   * @param fromMinutes earlier samples are left out
   */
  slope(fromMinutes: number): number
}

/** Looks at a service until it is disposed of. */
export function watch(service: Service, everyMs = 200): Watch {
  const start = performance.now()
  const samples: Sample[] = []
  const look = () => {
    const minutes = (performance.now() - start) / 60_000
    samples.push({ minutes, memoryMiB: memoryMiB(service), descriptors: descriptorsOf(service) })
  }
  look()
  const timer = setInterval(look, everyMs)
  return {
    samples,
    get peakMiB() {
      return samples.reduce((most, sample) => Math.max(most, sample.memoryMiB), 0)
    },
    slope: (fromMinutes) => slopeOf(samples.filter(({ minutes }) => minutes >= fromMinutes)),
    [Symbol.dispose]: () => clearInterval(timer),
  }
}

/** Least squares. */
function slopeOf(samples: readonly Sample[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const x = mean(samples.map(({ minutes }) => minutes))
  const y = mean(samples.map(({ memoryMiB: memory }) => memory))
  const covariance = samples.reduce((sum, s) => sum + (s.minutes - x) * (s.memoryMiB - y), 0)
  const variance = samples.reduce((sum, s) => sum + (s.minutes - x) ** 2, 0)
  return variance === 0 ? 0 : covariance / variance
}
