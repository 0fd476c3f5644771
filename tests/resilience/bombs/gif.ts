import sharp from 'sharp'
import { little, repeated, zeros } from '../../documents/bytes.ts'
import { type Bomb, held } from './bomb.ts'

/** The logical screen, with a palette of two colors. */
const screen = (width: number, height: number): Buffer =>
  Buffer.concat([
    Buffer.from('GIF89a', 'latin1'),
    little(2, width, height),
    Buffer.from([0x80, 0, 0, 0, 0, 0, 255, 255, 255]),
  ])

/** Clear, color 0, end: in codes of three bits. */
const onePixel = Buffer.from([2, 2, 0x44, 0x01, 0])

const image = (width: number, height: number, data: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0x2c]), little(2, 0, 0, width, height), zeros(1), data])

const delay = Buffer.from([0x21, 0xf9, 4, 0, 1, 0, 0, 0])
const end = Buffer.from([0x3b])
const pixel = image(1, 1, onePixel)

const blank = (side: number): Promise<Buffer> =>
  sharp({ create: { width: side, height: side, channels: 3, background: 'white' } })
    .gif({ effort: 1 })
    .toBuffer()

/** Codes for colors that never end, in blocks of 255 bytes. */
const endless = (blocks: number): Buffer =>
  Buffer.concat([
    Buffer.from([2]),
    repeated(blocks, Buffer.concat([Buffer.from([255]), zeros(255)])),
    zeros(1),
  ])

/** A comment of so many blocks. */
const comment = (blocks: number): Buffer =>
  Buffer.concat([Buffer.from([0x21, 0xfe]), repeated(blocks, Buffer.from([1, 65])), zeros(1)])

export const gifBombs: Bomb[] = [
  {
    name: 'GIF with a screen of 65535 x 65535 and a frame of 1 x 1',
    outcome: 'read',
    file: () => Buffer.concat([screen(65_535, 65_535), pixel, end]),
  },
  {
    name: 'GIF with a frame of 65535 x 65535 on a screen of 1 x 1',
    outcome: 'image_too_large',
    file: () => Buffer.concat([screen(1, 1), image(65_535, 65_535, onePixel), end]),
  },
  {
    name: 'GIF of 100,000 frames',
    outcome: 'read',
    file: () =>
      Buffer.concat([screen(1, 1), repeated(100_000, Buffer.concat([delay, pixel])), end]),
  },
  {
    name: 'GIF of 1,000,000 frames',
    outcome: 'read',
    file: () => Buffer.concat([screen(1, 1), repeated(1_000_000, pixel), end]),
  },
  {
    name: 'GIF of 1000 frames on a screen of 7000 x 7000',
    outcome: 'read',
    file: () => Buffer.concat([screen(7000, 7000), repeated(1000, pixel), end]),
  },
  { name: 'GIF of 49 megapixels, blank', outcome: 'image_too_large', file: () => blank(7000) },
  { name: 'GIF of 40 megapixels, blank', outcome: 'read', allowed: held, file: () => blank(6340) },
  {
    name: 'GIF with 19 MiB of codes for one pixel',
    outcome: 'read',
    file: () => Buffer.concat([screen(1, 1), image(1, 1, endless(76_000)), end]),
  },
  {
    name: 'GIF with a comment of a million blocks',
    outcome: 'read',
    file: () => Buffer.concat([screen(1, 1), comment(1_000_000), pixel, end]),
  },
]
