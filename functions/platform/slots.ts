import { createFairQueue } from './fair-queue.ts'

export interface Slots {
  /**
   * Waits until a slot is free; dispose of it to give it back. Those who wait under the same key come first come first
   * served, and the keys in turn: so many who wait under one keep nobody under another for longer than a turn.
   */
  acquire(signal: AbortSignal, key?: string): Promise<Disposable>
  readonly busy: number
  readonly waiting: number
}

/** A counting semaphore whose waits can be aborted. */
export function createSlots(size: number): Slots {
  let busy = 0
  const waiting = createFairQueue<() => void>()

  const slot = (): Disposable => {
    let isHeld = true
    return {
      [Symbol.dispose]() {
        if (!isHeld) return
        isHeld = false
        const next = waiting.take()
        if (next) next()
        else busy--
      },
    }
  }

  const wait = (signal: AbortSignal, key: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const onTurn = () => {
        signal.removeEventListener('abort', onAbort)
        resolve()
      }
      const onAbort = () => {
        waiting.remove(key, onTurn)
        reject(signal.reason)
      }
      waiting.add(key, onTurn)
      signal.addEventListener('abort', onAbort, { once: true })
    })

  return {
    get busy() {
      return busy
    },
    get waiting() {
      return waiting.length
    },
    async acquire(signal, key = '') {
      signal.throwIfAborted()
      if (busy < size) busy++
      else await wait(signal, key)
      return slot()
    },
  }
}
