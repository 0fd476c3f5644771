import { pick } from '../../documents/random.ts'
import { blocksOf } from './blocks.ts'
import { below, extremeNumber, partOf, type Random, randomBytes } from './random-bytes.ts'
import type { Seed } from './seeds.ts'

/** Makes another file of a file. */
type Mutator = (seed: Seed, random: Random, seeds: readonly Seed[]) => Buffer

const replace = (file: Buffer, start: number, end: number, by: Buffer): Buffer =>
  Buffer.concat([file.subarray(0, start), by, file.subarray(end)])

export const mutators = {
  flipBits({ file }, random) {
    const copy = Buffer.from(file)
    for (let count = 1 + below(random, 4); count > 0; count--) {
      const at = below(random, copy.length)
      copy[at] = (copy[at] ?? 0) ^ (1 << below(random, 8))
    }
    return copy
  },

  overwrite({ file }, random) {
    const [start, end] = partOf(file, random, 64)
    const by = randomBytes(random, end - start)
    return replace(file, start, end, random() < 0.5 ? by : by.fill(pick(random, [0, 0xff])))
  },

  truncate: ({ file }, random) => file.subarray(0, 1 + below(random, file.length)),

  insert({ file }, random) {
    const at = below(random, file.length)
    return replace(file, at, at, randomBytes(random, 1 + below(random, 64)))
  },

  remove({ file }, random) {
    const [start, end] = partOf(file, random, 256)
    return replace(file, start, end, Buffer.alloc(0))
  },

  repeat({ file }, random) {
    const [start, end] = partOf(file, random, 256)
    const part = file.subarray(start, end)
    return replace(file, end, end, Buffer.concat(Array(1 + below(random, 100)).fill(part)))
  },

  /** Most likely one of the head, where lengths and sizes are. */
  extremeNumber({ file }, random) {
    const number = extremeNumber(random, pick(random, [1, 2, 4, 8] as const))
    const limit = random() < 0.5 ? Math.min(256, file.length) : file.length
    const at = below(random, limit)
    return replace(file, at, at + number.length, number)
  },

  /** As they stand in a PDF. */
  extremeDigits({ file }, random) {
    const text = file.toString('latin1')
    const numbers = [...text.matchAll(/\d+/g)]
    const { index, 0: digits } = numbers[below(random, numbers.length)] ?? { index: 0, 0: '' }
    const by = pick(random, ['0', '-1', '65536', '2147483647', '99999999999', '1e30', '0.00001'])
    return replace(file, index, index + digits.length, Buffer.from(by))
  },

  repeatBlock({ type, file }, random) {
    const blocks = blocksOf(type, file)
    const at = below(random, blocks.length)
    const block = blocks[at] ?? file
    const more = Array<Buffer>(1 + below(random, 50)).fill(block)
    return Buffer.concat(
      blocks.toSpliced(pick(random, [at, below(random, blocks.length)]), 0, ...more),
    )
  },

  removeBlock({ type, file }, random) {
    const blocks = blocksOf(type, file)
    return Buffer.concat(blocks.toSpliced(below(random, blocks.length), 1 + below(random, 2)))
  },

  swapBlocks({ type, file }, random) {
    const blocks = blocksOf(type, file)
    const [one, other] = [below(random, blocks.length), below(random, blocks.length)]
    const [a, b] = [blocks[one] ?? file, blocks[other] ?? file]
    return Buffer.concat(blocks.with(one, b).with(other, a))
  },

  /** A block of another file in place of one, most likely of the same type. */
  foreignBlock({ type, file }, random, seeds) {
    const blocks = blocksOf(type, file)
    const others = random() < 0.8 ? seeds.filter((seed) => seed.type === type) : seeds
    const other = pick(random, others)
    const block = pick(random, blocksOf(other.type, other.file))
    return Buffer.concat(blocks.with(below(random, blocks.length), block))
  },

  splice({ type, file }, random, seeds) {
    const others = random() < 0.5 ? seeds.filter((seed) => seed.type === type) : seeds
    const { file: other } = pick(random, others)
    return Buffer.concat([
      file.subarray(0, below(random, file.length)),
      other.subarray(below(random, other.length)),
    ])
  },
} satisfies Record<string, Mutator>
