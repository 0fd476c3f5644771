import { memoryMiB } from '../e2e/gauges.ts'
import type { Service } from '../e2e/services.ts'
import { heapBytes } from '../observability/heap.ts'

/** Memory in MiB that a service has when its garbage has been collected. */
export async function residentMiB(service: Service): Promise<number> {
  await heapBytes(service)
  return memoryMiB(service)
}
