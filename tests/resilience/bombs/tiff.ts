import { deflateSync } from 'node:zlib'
import { little, zeros } from '../../documents/bytes.ts'
import {
  ascii,
  deflate,
  directory,
  directorySize,
  type Entry,
  headBytes,
  long,
  magic,
  sharedPages,
  short,
  single,
  strips,
  undefinedBytes,
} from '../../documents/tiff-file.ts'
import { type Bomb, large, MiB, pageTimeoutSeconds } from './bomb.ts'

const pixels = zeros(128)
const small = { width: 32, height: 32 }

/** Two directories that each name the other as the next. */
function cyclic(): Buffer {
  const second = headBytes + pixels.length + directorySize(9)
  const entries = strips({ ...small, at: headBytes, bytes: pixels.length })
  const first = headBytes + pixels.length
  return Buffer.concat([
    magic,
    little(4, first),
    pixels,
    directory(entries, second),
    directory(entries, first),
  ])
}

/** A picture of one tile. */
function tiled(side: number, tileSide: number): Buffer {
  const data = deflateSync(zeros(Math.min(64 * MiB, tileSide ** 2)))
  const entries: Entry[] = [
    [256, long, 1, side],
    [257, long, 1, side],
    [258, short, 1, 8],
    [259, short, 1, deflate],
    [262, short, 1, 1],
    [277, short, 1, 1],
    [322, long, 1, tileSide],
    [323, long, 1, tileSide],
    [324, long, 1, headBytes + directorySize(10)],
    [325, long, 1, data.length],
  ]
  return Buffer.concat([alone(entries), data])
}

/** A directory behind the head, and nothing else. */
const alone = (entries: readonly Entry[]): Buffer =>
  Buffer.concat([magic, little(4, headBytes), directory(entries)])

const manyStrips = (count: number): Entry[] =>
  strips({ ...small, at: headBytes, bytes: 8, rows: 1 }).map(([tag, type, one, value]) =>
    tag === 273 || tag === 279 ? [tag, type, count, headBytes] : [tag, type, one, value],
  )

/** BigTIFF whose directory claims 2^60 entries. */
const bigTiff = (): Buffer => {
  const bytes = Buffer.alloc(64)
  bytes.write('II+\0', 'latin1')
  bytes.writeUInt16LE(8, 4)
  bytes.writeBigUInt64LE(16n, 8)
  bytes.writeBigUInt64LE(2n ** 60n, 16)
  return bytes
}

const wide = { width: 7000, height: 7000 }

/** Entries that libtiff does not know, all different. */
const unknown = (count: number): Entry[] =>
  Array.from({ length: count }, (_, index): Entry => [40_000 + index, short, 1, 1])

export const tiffBombs: Bomb[] = [
  {
    name: 'TIFF of 20,000 pages that share a strip',
    outcome: 'too_many_pages',
    file: () => sharedPages(20_000, small, pixels),
  },
  {
    name: 'TIFF of 150,000 pages that share a strip',
    outcome: 'too_many_pages',
    file: () => sharedPages(150_000, small, pixels),
  },
  {
    name: 'TIFF of 10,000 pages that share a strip',
    outcome: 'too_many_pages',
    file: () => sharedPages(10_000, small, pixels),
  },
  {
    name: 'TIFF of 100 pages, each with 1500 unknown entries',
    outcome: 'read',
    allowed: { seconds: 5, growthMB: 100 },
    file: () => sharedPages(100, small, pixels, unknown(1500)),
  },
  {
    name: 'TIFF of 5 pages of 49 megapixels that share a strip',
    outcome: 'read',
    allowed: { seconds: 5 * pageTimeoutSeconds, growthMB: 100 },
    file: () => sharedPages(5, { ...wide, compression: deflate }, deflateSync(zeros(7000 * 875))),
  },
  { name: 'TIFF whose directories are a ring', outcome: 'undecodable_image', file: cyclic },
  {
    name: 'TIFF that claims 65535 x 65535',
    outcome: 'image_too_large',
    file: () => single(pixels, { width: 65_535, height: 65_535 }),
  },
  {
    name: 'TIFF that claims 4294967295 x 4294967295',
    outcome: 'undecodable_image',
    file: () => single(pixels, { width: 2 ** 32 - 1, height: 2 ** 32 - 1 }),
  },
  {
    name: 'TIFF whose strip claims 4 GiB',
    outcome: 'undecodable_image',
    file: () => alone(strips({ ...wide, bits: 8, at: headBytes, bytes: 2 ** 32 - 1 })),
  },
  {
    name: 'TIFF that claims 2147483648 strips',
    outcome: 'undecodable_image',
    file: () => alone(manyStrips(2 ** 31)),
  },
  {
    name: 'TIFF with a text that claims 4 GiB',
    outcome: 'read',
    file: () => single(pixels, small, [270, ascii, 2 ** 32 - 1, headBytes]),
  },
  {
    name: 'TIFF with a profile that claims 1 GiB',
    outcome: 'undecodable_image',
    file: () => single(pixels, small, [34_675, undefinedBytes, 2 ** 30, headBytes]),
  },
  {
    name: 'TIFF whose sub-directory is itself',
    outcome: 'read',
    file: () => single(pixels, small, [330, long, 1, headBytes]),
  },
  {
    name: 'TIFF with 65535 samples a pixel',
    outcome: 'undecodable_image',
    file: () => single(pixels, { ...small, bits: 8, samples: 65_535 }),
  },
  {
    name: 'TIFF with 4000 unknown entries',
    outcome: 'read',
    file: () => single(pixels, small, ...unknown(4000)),
  },
  {
    name: 'TIFF with 20,000 unknown entries that share 1 MiB',
    outcome: 'read',
    file: () =>
      single(
        zeros(MiB),
        small,
        ...unknown(20_000).map(([tag]): Entry => [tag, undefinedBytes, MiB, headBytes]),
      ),
  },
  {
    name: 'TIFF of 49 megapixels in one strip, deflated',
    outcome: 'read',
    allowed: large,
    file: () => single(deflateSync(zeros(7000 * 7000)), { ...wide, bits: 8, compression: deflate }),
  },
  {
    name: 'TIFF of 32 x 32 whose strip inflates to 512 MiB',
    outcome: 'read',
    file: () => single(deflateSync(zeros(512 * MiB)), { ...small, bits: 8, compression: deflate }),
  },
  {
    name: 'TIFF with a tile of 65536 x 65536',
    outcome: 'undecodable_image',
    file: () => tiled(64, 65_536),
  },
  {
    name: 'TIFF of 49 megapixels in a tile',
    outcome: 'read',
    allowed: large,
    file: () => tiled(7000, 7008),
  },
  { name: 'BigTIFF that claims 2 ** 60 entries', outcome: 'undecodable_image', file: bigTiff },
]
