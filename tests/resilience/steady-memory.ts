import { memoryMiB } from '../e2e/gauges.ts'
import type { Service } from '../e2e/services.ts'
import { heapBytes } from '../observability/heap.ts'

/**
 * Settings with which a service's memory tells what it was sent, and not how long it has run: V8 else lets its young
 * generation grow to 128 MiB on a large machine.
 */
export const steadyMemory = { NODE_OPTIONS: '--inspect=127.0.0.1:0 --max-semi-space-size=16' }

/** Memory in MiB that a service has when its garbage has been collected. */
export async function residentMiB(service: Service): Promise<number> {
  await heapBytes(service)
  return memoryMiB(service)
}
