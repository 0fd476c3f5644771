/** A queue whose items stand under keys. */
export interface FairQueue<T> {
  add(key: string, item: T): void
  /** The first item of the key whose turn it is; its next turn comes after one of every other key that has items. */
  take(): T | undefined
  /** Takes an item out, if it is there. */
  remove(key: string, item: T): void
  /** Items over all keys. */
  readonly length: number
  /** Keys that have items; no other takes memory. */
  readonly keys: number
}

/** First come first served within a key, and the keys in turn (round robin). */
export function createFairQueue<T>(): FairQueue<T> {
  /** None of them is empty; whose turn it is stands first. */
  const queues = new Map<string, T[]>()
  return {
    add(key, item) {
      const queue = queues.get(key)
      if (queue) queue.push(item)
      else queues.set(key, [item])
    },
    take() {
      for (const [key, queue] of queues) {
        const item = queue.shift()
        queues.delete(key)
        if (queue.length > 0) queues.set(key, queue)
        return item
      }
      return undefined
    },
    remove(key, item) {
      const queue = queues.get(key) ?? []
      const index = queue.indexOf(item)
      if (index !== -1) queue.splice(index, 1)
      if (queue.length === 0) queues.delete(key)
    },
    get length() {
      return [...queues.values()].reduce((sum, { length }) => sum + length, 0)
    },
    get keys() {
      return queues.size
    },
  }
}
