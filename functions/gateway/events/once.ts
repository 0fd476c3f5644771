import { LRUCache } from 'lru-cache'
import { untilAborted } from '../../platform/until-aborted.ts'

interface Remembered<T> {
  readonly value: T
  readonly bytes: number
}

export interface Once<T> {
  /**
   * Does work that another call with the same key has not done already, and shares what comes of it: with calls that
   * come while it goes on, and for a while with those that come later. What fails is not remembered.
   * @param key of what is the same work
   * @param signal ends the wait of this call; the work ends when nobody waits for it any more
   */
  run(key: string, signal: AbortSignal, work: Work<T>): Promise<T>
  /** What has become of the work: undefined if it was not begun, has failed, or is no longer remembered. */
  find(key: string): { readonly value?: T } | undefined
}

type Work<T> = (signal: AbortSignal) => Promise<Remembered<T>>

interface OnceOptions {
  /** Of all that is remembered. */
  readonly maxBytes: number
  readonly maxAgeMs: number
}

interface Running<T> {
  readonly result: Promise<Remembered<T>>
  readonly controller: AbortController
  waiting: number
}

/** An entry of nothing but a key takes memory, too. */
const keyBytes = 200

export function createOnce<T>({ maxBytes, maxAgeMs }: OnceOptions): Once<T> {
  const done = new LRUCache<string, Remembered<T>>({
    maxSize: maxBytes,
    sizeCalculation: ({ bytes }) => bytes + keyBytes,
    ttl: maxAgeMs,
  })
  const underWay = new Map<string, Running<T>>()

  const start = (key: string, work: Work<T>): Running<T> => {
    const controller = new AbortController()
    const running = { result: work(controller.signal), controller, waiting: 0 }
    underWay.set(key, running)
    running.result.then(
      (remembered) => {
        if (forget(key, running)) done.set(key, remembered)
      },
      () => forget(key, running),
    )
    return running
  }
  /** Unless it has been given up, and another one has begun since. */
  const forget = (key: string, running: Running<T>): boolean =>
    underWay.get(key) === running && underWay.delete(key)

  return {
    find: (key) => done.get(key) ?? (underWay.has(key) ? {} : undefined),
    async run(key, signal, work) {
      signal.throwIfAborted()
      const known = done.get(key)
      if (known) return known.value
      const running = underWay.get(key) ?? start(key, work)
      running.waiting++
      try {
        return (await untilAborted(signal, running.result)).value
      } finally {
        running.waiting--
        if (running.waiting === 0 && signal.aborted && forget(key, running)) {
          running.controller.abort(signal.reason)
        }
      }
    },
  }
}
