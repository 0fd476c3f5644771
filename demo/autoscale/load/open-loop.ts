import { setTimeout as pause } from 'node:timers/promises'

/** Requests at their times, whether or not earlier ones have been answered. */
export interface Load {
  readonly underWay: number
  readonly heldBack: number
  /** In seconds. */
  readonly mostLate: number
  /** All that was due has been sent or held back, and all that was sent has ended; or the signal was aborted. */
  readonly ended: Promise<void>
}

interface LoadOptions {
  /** Seconds of `clock`, in order. */
  readonly dueTimes: readonly number[]
  /** Sends one request and waits for its end; never rejects, and ends when `signal` is aborted. */
  readonly send: () => Promise<void>
  readonly clock: () => number
  /** One that is due beyond that many is held back. */
  readonly mostUnderWay: number
  readonly signal: AbortSignal
}

/** Begins an open loop, which a slow service does not slow down. */
export function startLoad({ dueTimes, send, clock, mostUnderWay, signal }: LoadOptions): Load {
  const underWay = new Set<Promise<void>>()
  let heldBack = 0
  let mostLate = 0

  const run = async () => {
    for (const due of dueTimes) {
      const waitMs = (due - clock()) * 1_000
      if (waitMs > 0) await pause(waitMs, undefined, { signal }).catch(() => undefined)
      if (signal.aborted) break
      mostLate = Math.max(mostLate, clock() - due)
      if (underWay.size >= mostUnderWay) {
        heldBack++
        continue
      }
      const ended = send().finally(() => underWay.delete(ended))
      underWay.add(ended)
    }
    await Promise.all(underWay)
  }
  const ended = run()

  return {
    ended,
    get underWay() {
      return underWay.size
    },
    get heldBack() {
      return heldBack
    },
    get mostLate() {
      return mostLate
    },
  }
}
