/** How somebody waited. */
interface Wait {
  /** For one's own turn and those of everybody under the same key who came before. */
  readonly turns: number
  /** How many of each other key were served meanwhile. */
  readonly passedBy: ReadonlyMap<string, number>
}

/** Keeps account of who waits under which key, and of who is served meanwhile. */
export function countTurns() {
  const waiting = new Set<{ key: string; turns: number; passedBy: Map<string, number> }>()
  const waits: Wait[] = []
  return {
    /** Of everybody who was served, in that order. */
    waits,
    /** To be called when somebody begins to wait; returns what is to be called when the wait is over. */
    begin(key: string): () => void {
      const ahead = [...waiting].filter((other) => other.key === key).length
      const wait = { key, turns: ahead + 1, passedBy: new Map<string, number>() }
      waiting.add(wait)
      return () => {
        waiting.delete(wait)
        waits.push(wait)
        for (const { key: other, passedBy } of waiting) {
          if (other !== key) passedBy.set(key, (passedBy.get(key) ?? 0) + 1)
        }
      }
    },
  }
}
