import { big, zeros } from './bytes.ts'

/** JPEG by ITU T.81: gray pictures of three components, in as many scans as are wanted. */

const segment = (marker: number, data: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0xff, marker]), big(2, data.length + 2), data])

const components = [1, 2, 3]

const frame = (marker: number, side: number): Buffer =>
  segment(
    marker,
    Buffer.concat([
      Buffer.from([8]),
      big(2, side, side),
      Buffer.from([components.length, ...components.flatMap((id) => [id, 0x11, 0])]),
    ]),
  )

/** A table with one code, which is a bit of 0. */
const huffman = (kind: number, symbol: number): Buffer =>
  segment(0xc4, Buffer.concat([Buffer.from([kind, 1]), zeros(15), Buffer.from([symbol])]))

const direct = huffman(0x00, 0)
const endOfBlock = huffman(0x10, 0)
/** The end of as many blocks as the next 14 bits tell, and 16,384 more. */
const endOfBlocks = huffman(0x10, 0xe0)

interface Scan {
  readonly of: readonly number[]
  readonly coefficients: readonly [first: number, last: number]
  /** The bit that was sent last, and that which is sent. */
  readonly bits: readonly [high: number, low: number]
  readonly data: Buffer
}

const scan = ({ of, coefficients, bits: [high, low], data }: Scan): Buffer =>
  Buffer.concat([
    segment(
      0xda,
      Buffer.from([of.length, ...of.flatMap((id) => [id, 0]), ...coefficients, high * 16 + low]),
    ),
    data,
  ])

const file = (side: number, marker: number, tables: Buffer[], scans: Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, Buffer.concat([zeros(1), Buffer.alloc(64, 1)])),
    frame(marker, side),
    ...tables,
    ...scans,
    Buffer.from([0xff, 0xd9]),
  ])

const blocksOf = (side: number): number => Math.ceil(side / 8) ** 2
const bits = (count: number): Buffer => zeros(Math.ceil(count / 8))

/** Baseline, each component in a scan of its own. */
export function separateScans(side: number): Buffer {
  const data = bits(blocksOf(side) * 2)
  const scans = components.map((id) =>
    scan({ of: [id], coefficients: [0, 63], bits: [0, 0], data }),
  )
  return file(side, 0xc0, [direct, endOfBlock], scans)
}

const depth = 13

/** Progressive, each bit of each component in a scan of its own: as many as there may be for all coefficients. */
export function mostScans(side: number): Buffer {
  const blocks = blocksOf(side)
  const runs = runsOf(blocks)
  const levels = Array.from({ length: depth }, (_, index) => depth - 1 - index)
  const pass = (of: readonly number[], coefficients: Scan['coefficients'], data: Buffer) => [
    scan({ of, coefficients, bits: [0, depth], data }),
    ...levels.map((low) => scan({ of, coefficients, bits: [low + 1, low], data })),
  ]
  return file(
    side,
    0xc2,
    [direct, endOfBlocks],
    [
      ...pass(components, [0, 0], bits(blocks * components.length)),
      ...components.flatMap((id) => pass([id], [1, 63], runs)),
    ],
  )
}

/** Codes that end all blocks: 0, then fourteen bits. The last code may end more of them than there are. */
function runsOf(blocks: number): Buffer {
  const codes = '000000000000000'.repeat(Math.ceil(blocks / 16_384))
  const whole = codes.padEnd(Math.ceil(codes.length / 8) * 8, '1')
  return Buffer.from(whole.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? [])
}
