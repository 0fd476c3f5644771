/** A source of chance: numbers in [0, 1). */
export type Random = () => number

/** A whole number from 0 up to, and without, the limit. */
export const below = (random: Random, limit: number): number => Math.floor(random() * limit)

export const randomBytes = (random: Random, length: number): Buffer =>
  Buffer.from(Array.from({ length }, () => below(random, 256)))

/** Where a part of some bytes begins and ends that is not longer than the limit. */
export function partOf({ length }: Buffer, random: Random, limit: number): [number, number] {
  const start = below(random, length)
  return [start, Math.min(length, start + 1 + below(random, limit))]
}

/** A number as it stands in files. */
export type Size = 1 | 2 | 4 | 8

/** At the ends of what decoders take a number for. */
const extremes = [
  0n,
  1n,
  0x7fn,
  0x80n,
  0xffn,
  0x7fffn,
  0x8000n,
  0xffffn,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_fff0n,
  0xffff_ffffn,
  0x7fff_ffff_ffff_ffffn,
  0xffff_ffff_ffff_ffffn,
]

/** An extreme number, in either order of bytes. */
export function extremeNumber(random: Random, size: Size): Buffer {
  const value = extremes[below(random, extremes.length)] ?? 0n
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  const number = Buffer.from(bytes.subarray(0, size))
  return random() < 0.5 ? number : number.reverse()
}
