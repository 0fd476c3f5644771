import { deflateSync } from 'node:zlib'
import { repeated, zeros } from '../../documents/bytes.ts'
import { chunk, claims, type Picture, pngOf } from '../../documents/png-file.ts'
import { type Bomb, held, large, MiB } from './bomb.ts'

const small: Picture = { width: 64, height: 64 }
const keyword = Buffer.from('Comment\0', 'latin1')
/** Deflated zeros of so many MiB. */
const inflating = (size: number): Buffer => deflateSync(zeros(size * MiB), { level: 9 })
const text = (size: number) =>
  chunk('zTXt', Buffer.concat([keyword, Buffer.from([0]), inflating(size)]))
const international = (size: number) =>
  chunk('iTXt', Buffer.concat([keyword, Buffer.from([1, 0, 0, 0]), inflating(size)]))
const profile = (size: number) =>
  chunk('iCCP', Buffer.concat([keyword, Buffer.from([0]), inflating(size)]))

export const pngBombs: Bomb[] = [
  {
    name: 'PNG of 16000 x 16000, blank',
    outcome: 'image_too_large',
    file: () => pngOf({ width: 16_000, height: 16_000 }),
  },
  {
    name: 'PNG that claims 30000 x 30000',
    outcome: 'image_too_large',
    file: () => claims(30_000, 30_000),
  },
  {
    name: 'PNG that claims 65535 x 65535',
    outcome: 'image_too_large',
    file: () => claims(65_535, 65_535),
  },
  {
    name: 'PNG that claims 2147483647 x 2147483647',
    outcome: 'undecodable_image',
    file: () => claims(2 ** 31 - 1, 2 ** 31 - 1),
  },
  {
    name: 'PNG of 200000 x 1',
    outcome: 'image_too_large',
    file: () => pngOf({ width: 200_000, height: 1 }),
  },
  {
    name: 'PNG of 1 x 200000',
    outcome: 'image_too_large',
    file: () => pngOf({ width: 1, height: 200_000 }),
  },
  {
    name: 'PNG of 49 megapixels, 16 bits and alpha, interlaced',
    outcome: 'image_too_large',
    file: () => pngOf({ width: 7000, height: 7000, depth: 'color16', isInterlaced: true }),
  },
  {
    name: 'PNG with a text of 512 MiB (zTXt)',
    outcome: 'read',
    file: () => pngOf(small, text(512)),
  },
  {
    name: 'PNG with 900 texts of 4 MiB (zTXt)',
    outcome: 'read',
    file: () => pngOf(small, repeated(900, text(4))),
  },
  {
    name: 'PNG with a text of 512 MiB (iTXt)',
    outcome: 'read',
    file: () => pngOf(small, international(512)),
  },
  {
    name: 'PNG with a profile of 512 MiB (iCCP)',
    outcome: 'read',
    file: () => pngOf(small, profile(512)),
  },
  {
    name: 'PNG with a million short texts',
    outcome: 'read',
    file: () => pngOf(small, repeated(1_000_000, chunk('tEXt', Buffer.from('a\0b', 'latin1')))),
  },
  {
    name: 'PNG with a million times of change (tIME)',
    outcome: 'read',
    file: () => pngOf(small, repeated(1_000_000, chunk('tIME', zeros(7)))),
  },
  {
    name: 'PNG with a million empty chunks of pixels',
    outcome: 'read',
    file: () => pngOf(small, repeated(1_000_000, chunk('IDAT', zeros(0)))),
  },
  {
    name: 'PNG of 49 megapixels, 16 bits and alpha',
    outcome: 'read',
    allowed: large,
    file: () => pngOf({ width: 7000, height: 7000, depth: 'color16' }),
  },
  {
    name: 'PNG of 49 megapixels, interlaced',
    outcome: 'read',
    allowed: large,
    file: () => pngOf({ width: 7000, height: 7000, isInterlaced: true }),
  },
  {
    name: 'PNG of 25 megapixels, 16 bits and alpha, interlaced',
    outcome: 'read',
    allowed: held,
    file: () => pngOf({ width: 5000, height: 5000, depth: 'color16', isInterlaced: true }),
  },
]
