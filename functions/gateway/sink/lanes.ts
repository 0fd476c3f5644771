export interface Lanes {
  /** Does the work when a lane is free, first come first served; ends as the work does. */
  run<T>(work: () => Promise<T>): Promise<T>
}

/** Bounds how much is worked on at once. Work that waits cannot be aborted; it is to look at its signal when it begins. */
export function createLanes(limit: number): Lanes {
  let busy = 0
  const waiting: Array<() => void> = []

  async function enter(): Promise<void> {
    if (busy < limit) busy++
    else await new Promise<void>((resolve) => waiting.push(resolve))
  }

  /** Hands the lane over, so that nobody who comes in between takes it. */
  function leave(): void {
    const next = waiting.shift()
    if (next) next()
    else busy--
  }

  return {
    async run(work) {
      await enter()
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}
