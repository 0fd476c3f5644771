/**
 * Asks again and again until there is an answer.
 * @throws Error which says what was wanted, when there is none in time
 */
export async function within<T>(
  seconds: number,
  what: string,
  find: () => Promise<T | undefined>,
): Promise<T> {
  const giveUp = performance.now() + seconds * 1000
  while (performance.now() < giveUp) {
    const found = await find()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  throw new Error(`Not within ${seconds} s: ${what}`)
}
