import { setTimeout as pause } from 'node:timers/promises'
import { hasPods } from '../recording.ts'
import type { PodWatch } from './watch.ts'

export interface ZeroWait {
  readonly pods: Pick<PodWatch, 'latest'> | undefined
  /** Longest wait. */
  readonly zeroMs: number
  readonly signal: AbortSignal
}

const lookMs = 250

/**
 * Waits until there are no pods, for as long as they can be seen.
 * @returns false when they were still there at the end of the wait
 * @throws the reason of the signal
 */
export async function untilZero({ pods, zeroMs, signal }: ZeroWait): Promise<boolean> {
  const giveUpAt = performance.now() + zeroMs
  signal.throwIfAborted()
  while (pods?.latest && hasPods(pods.latest)) {
    if (performance.now() > giveUpAt) return false
    await wait(lookMs, signal)
  }
  return true
}

/** @throws the reason of the signal, as soon as it is aborted */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await pause(Math.max(0, ms), undefined, { signal }).catch(() => signal.throwIfAborted())
}
