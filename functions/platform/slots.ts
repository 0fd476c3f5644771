export interface Slots {
  /** Waits, first come first served, until a slot is free; dispose of it to give it back. */
  acquire(signal: AbortSignal): Promise<Disposable>
  readonly busy: number
  readonly waiting: number
}

/** A counting semaphore whose waits can be aborted. */
export function createSlots(size: number): Slots {
  let busy = 0
  const waiting: Array<() => void> = []

  const slot = (): Disposable => {
    let isHeld = true
    return {
      [Symbol.dispose]() {
        if (!isHeld) return
        isHeld = false
        const next = waiting.shift()
        if (next) next()
        else busy--
      },
    }
  }

  const wait = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const onTurn = () => {
        signal.removeEventListener('abort', onAbort)
        resolve()
      }
      const onAbort = () => {
        waiting.splice(waiting.indexOf(onTurn), 1)
        reject(signal.reason)
      }
      waiting.push(onTurn)
      signal.addEventListener('abort', onAbort, { once: true })
    })

  return {
    get busy() {
      return busy
    },
    get waiting() {
      return waiting.length
    },
    async acquire(signal) {
      signal.throwIfAborted()
      if (busy < size) busy++
      else await wait(signal)
      return slot()
    },
  }
}
