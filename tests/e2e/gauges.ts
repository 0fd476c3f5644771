import { readFileSync } from 'node:fs'
import type { Service } from './services.ts'

/** Bytes that a process has read, from connections too. */
export const bytesReadBy = ({ pid }: Service): number =>
  Number(/rchar: (\d+)/.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1])

const memoryIn = ({ pid }: Service, field: 'VmRSS' | 'VmHWM'): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024
}

/** Memory that a process has, in MiB. */
export const memoryMiB = (service: Service): number => memoryIn(service, 'VmRSS')

/** The most that it has had. */
export const peakMemoryMiB = (service: Service): number => memoryIn(service, 'VmHWM')

export const portOf = ({ url }: Service): number => Number(new URL(url).port)

/** Has a service load what it loads a second after its start, which would be measured as well. */
export async function settle({ metricsUrl }: Service): Promise<void> {
  const metrics = await fetch(await metricsUrl())
  await metrics.text()
}
