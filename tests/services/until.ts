/** Asks again and again until there is an answer; gives up after 20 s. */
export async function until<T>(ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const giveUp = performance.now() + 20_000
  while (performance.now() < giveUp) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`Waited 20 s for: ${ask}`)
}
