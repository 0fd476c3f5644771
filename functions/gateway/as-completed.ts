/**
 * Works on all items, on so many at once, and gives the results as they are ready. Whoever stops asking, or a failure,
 * aborts what is under way; it has ended when the generator has.
 * @param lanes items at once
 */
export async function* asCompleted<T, R>(
  items: readonly T[],
  lanes: number,
  work: (item: T, signal: AbortSignal) => Promise<R>,
  outer: AbortSignal,
): AsyncGenerator<R, void> {
  const stop = new AbortController()
  const signal = AbortSignal.any([outer, stop.signal])
  const running = new Map<T, Promise<{ item: T; result: R }>>()
  const waiting = [...items]
  const fill = () => {
    for (const item of waiting.splice(0, lanes - running.size)) {
      running.set(
        item,
        work(item, signal).then((result) => ({ item, result })),
      )
    }
  }
  try {
    for (fill(); running.size > 0; fill()) {
      const { item, result } = await Promise.race(running.values())
      running.delete(item)
      yield result
    }
  } finally {
    stop.abort()
    await Promise.allSettled(running.values())
  }
}
