import { createRandom, pick, shuffled } from '../../documents/random.ts'

/** What is sent, in hundredths of all requests. */
const shares = { page: 80, large: 10, hostile: 5, cut: 3, kill: 2 } as const

export type Turn = keyof typeof shares

/**
 * Whose turn it is, request by request: each in its share of every hundred, in an order that chance makes, and the same
 * seed repeats.
 */
export function* turns(seed: number): Generator<Turn, never> {
  const random = createRandom(seed)
  const hundred = Object.entries(shares).flatMap(([turn, share]) =>
    Array<Turn>(share).fill(turn as Turn),
  )
  for (;;) yield* shuffled(random, hundred)
}

/** One of some, by chance that the same seed repeats. */
export function picker(seed: number): <T>(from: readonly T[]) => T {
  const random = createRandom(seed)
  return (from) => pick(random, from)
}
