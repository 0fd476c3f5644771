import { createRandom, pick } from '../../documents/random.ts'
import { repaired } from './blocks.ts'
import { mutators } from './mutators.ts'
import { below } from './random-bytes.ts'
import type { Seed } from './seeds.ts'

/** A file that nobody would write, and how it was made. */
export interface Mutation {
  readonly file: Buffer
  readonly name: string
}

const names = Object.keys(mutators) as (keyof typeof mutators)[]
const most = 2
const step = 0x9e37_79b9

/** The mutation of a number; the same seed and number give the same file. */
export function mutation(seeds: readonly Seed[], seed: number, number: number): Mutation {
  const random = createRandom(seed + Math.imul(number, step))
  const { type, file: original } = pick(random, seeds)
  let file = original
  const made: string[] = []
  for (let count = 1 + below(random, most); count > 0; count--) {
    const name = pick(random, names)
    const mutated = mutators[name]({ type, file }, random, seeds)
    // Nothing can be made of nothing.
    if (mutated.length === 0) break
    file = mutated
    made.push(name)
  }
  // Otherwise hardly one PNG came past its checksums.
  if (random() < 0.5) file = repaired(type, Buffer.from(file))
  return { file, name: `${type}: ${made.join(', ')}` }
}
