import { heapBytes } from '../observability/heap.ts'
import { memoryMiB } from '../services/processes.ts'
import type { Service } from '../services/start.ts'

/** Memory in MiB that a service has when its garbage has been collected. */
export async function residentMiB(service: Service): Promise<number> {
  await heapBytes(service)
  return memoryMiB(service)
}
