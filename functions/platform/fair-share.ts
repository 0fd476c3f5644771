/** A limited amount of something, of which no caller can take all. */
export interface FairShare {
  /**
   * Whether a caller may have so much more now; whose name is not given, may have all that is left.
   * @param has what the same request has of it already, which does not count against it
   */
  allows(caller: string | undefined, amount: number, has?: number): boolean
  /** Takes so much, or gives it back when it is negative. */
  take(caller: string | undefined, amount: number): void
  /** By all callers. */
  readonly taken: number
}

/**
 * A caller may have so many times what is still free (dynamic thresholds, as in switches that share a buffer; Choudhury
 * and Hahne, 1998). Alone it gets 8 of 9 places, the only one of few, and less the more others have.
 */
const timesFree = 8

/** @param limit of all callers together */
export function createFairShare(limit: number): FairShare {
  const takenOf = new Map<string, number>()
  let taken = 0
  return {
    allows(caller, amount, has = 0) {
      const free = limit - taken
      if (amount > free) return false
      return caller === undefined || (takenOf.get(caller) ?? 0) - has < timesFree * free
    },
    take(caller, amount) {
      taken += amount
      if (caller === undefined) return
      const own = (takenOf.get(caller) ?? 0) + amount
      if (own > 0) takenOf.set(caller, own)
      else takenOf.delete(caller)
    },
    get taken() {
      return taken
    },
  }
}
