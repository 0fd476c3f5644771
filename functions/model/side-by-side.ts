/**
 * Works on all items side by side; whoever has too many of them at once takes turns in `work`.
 * @returns the results in the order of the items
 * @throws the first failure, when all work has ended; it aborts the signal of the rest
 */
export async function sideBySide<T, R>(
  items: readonly T[],
  work: (item: T, signal: AbortSignal, index: number) => Promise<R>,
  outer: AbortSignal,
): Promise<R[]> {
  const failed = new AbortController()
  const signal = AbortSignal.any([outer, failed.signal])
  const attempt = async (item: T, index: number) => {
    try {
      return await work(item, signal, index)
    } catch (error) {
      failed.abort(error)
      throw error
    }
  }
  const outcomes = await Promise.allSettled(items.map(attempt))
  failed.signal.throwIfAborted()
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
}
