import { LRUCache } from 'lru-cache'
import { untilAborted } from '../../platform/until-aborted.ts'

/** What comes of work. */
interface Done<T> {
  readonly value: T
  /** What it takes in memory, about. */
  readonly bytes: number
  /** Whether the same work would come to the same again, so that it is remembered. */
  readonly isFinal: boolean
}

export interface Once<T> {
  /**
   * Does work that another call with the same key has not done already, and shares what comes of it: with calls that
   * come while it goes on, and for a while with those that come later. What fails is not remembered.
   * @param key of what is the same work
   * @param signal ends the wait of this call; the work ends when nobody waits for it any more
   */
  run(key: string, signal: AbortSignal, work: Work<T>): Promise<T>
  /** Undefined if the work was not begun, has failed, or is not remembered. */
  find(key: string): Found<T> | undefined
}

export type Found<T> = { readonly state: 'running' } | { readonly state: 'done'; readonly value: T }

type Work<T> = (signal: AbortSignal) => Promise<Done<T>>

interface OnceOptions {
  /** Of all that is remembered. */
  readonly maxBytes: number
  readonly maxAgeMs: number
  /** Is told of a call whose work another one has done, or does. */
  readonly onShared?: () => void
}

interface Running<T> {
  readonly result: Promise<Done<T>>
  readonly controller: AbortController
  waiting: number
}

/** An entry of nothing but a key takes memory, too. */
const keyBytes = 200

export function createOnce<T>({ maxBytes, maxAgeMs, onShared }: OnceOptions): Once<T> {
  const done = new LRUCache<string, Done<T>>({
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
      (result) => {
        if (forget(key, running) && result.isFinal) done.set(key, result)
      },
      () => forget(key, running),
    )
    return running
  }
  /** Unless it has been given up, and another one has begun since. */
  const forget = (key: string, running: Running<T>): boolean =>
    underWay.get(key) === running && underWay.delete(key)

  return {
    find(key) {
      const known = done.get(key)
      if (known) return { state: 'done', value: known.value }
      return underWay.has(key) ? { state: 'running' } : undefined
    },
    async run(key, signal, work) {
      signal.throwIfAborted()
      const known = done.get(key)
      if (known || underWay.has(key)) onShared?.()
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
