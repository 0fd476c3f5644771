import { readFileSync } from 'node:fs'
import type { Service } from './services.ts'

/** Bytes that a process has read, from connections too. */
export const bytesReadBy = ({ pid }: Service): number =>
  Number(/rchar: (\d+)/.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1])

/** Memory that a process has, in MiB. */
export const memoryMiB = ({ pid }: Service): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

export const portOf = ({ url }: Service): number => Number(new URL(url).port)

/** Has a service load what it loads a second after its start, which would be measured as well. */
export async function settle({ metricsUrl }: Service): Promise<void> {
  const metrics = await fetch(await metricsUrl())
  await metrics.text()
}
