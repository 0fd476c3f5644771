import sharp from 'sharp'
import { little, repeated, zeros } from '../../documents/bytes.ts'
import { type Bomb, held, MiB } from './bomb.ts'

const chunk = (type: string, data: Buffer): Buffer =>
  Buffer.concat([Buffer.from(type, 'latin1'), little(4, data.length), data, zeros(data.length % 2)])

const webp = (...chunks: Buffer[]): Buffer => {
  const body = Buffer.concat(chunks)
  return Buffer.concat([Buffer.from('RIFF'), little(4, body.length + 4), Buffer.from('WEBP'), body])
}

const flags = { animated: 0x02, profile: 0x20, exif: 0x08, xmp: 0x04 }

/** The head of an extended file: what it has, and its canvas. */
const extended = (has: number, width: number, height: number): Buffer =>
  chunk('VP8X', Buffer.concat([Buffer.from([has, 0, 0, 0]), little(3, width - 1, height - 1)]))

const encoded = (width: number, height: number, options = {}): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: 'white' }, limitInputPixels: false })
    .webp({ effort: 0, ...options })
    .toBuffer()

/** The picture of a file that has nothing else. */
const bitstream = async (width: number, height: number, options = {}): Promise<Buffer> =>
  (await encoded(width, height, options)).subarray(12)

const animation = chunk('ANIM', zeros(6))

/** A frame in the top left corner. */
const frame = (width: number, height: number, picture: Buffer): Buffer =>
  chunk('ANMF', Buffer.concat([zeros(6), little(3, width - 1, height - 1, 100), zeros(1), picture]))

async function animated(canvas: number, count: number): Promise<Buffer> {
  const frames = repeated(count, frame(16, 16, await bitstream(16, 16, { lossless: true })))
  return webp(extended(flags.animated, canvas, canvas), animation, frames)
}

const withMetadata = async (type: string, has: number, data: Buffer): Promise<Buffer> => {
  const picture = await bitstream(64, 64)
  const [before, after] = type === 'ICCP' ? [[chunk(type, data)], []] : [[], [chunk(type, data)]]
  return webp(extended(has, 64, 64), ...before, picture, ...after)
}

export const webpBombs: Bomb[] = [
  {
    name: 'WebP of 16383 x 16383',
    outcome: 'image_too_large',
    file: () => encoded(16_383, 16_383, { lossless: true }),
  },
  {
    name: 'WebP that claims a canvas of 16777216 x 16777216',
    outcome: 'undecodable_image',
    file: async () => webp(extended(0, 2 ** 24, 2 ** 24), await bitstream(16, 16)),
  },
  {
    name: 'WebP with a canvas of 7000 x 7000 and a picture of 16 x 16',
    outcome: 'undecodable_image',
    file: async () => webp(extended(0, 7000, 7000), await bitstream(16, 16)),
  },
  {
    name: 'WebP of 49 megapixels, lossy',
    outcome: 'read',
    allowed: held,
    file: () => encoded(7000, 7000),
  },
  {
    name: 'WebP of 49 megapixels, lossless',
    outcome: 'read',
    allowed: held,
    file: () => encoded(7000, 7000, { lossless: true }),
  },
  { name: 'WebP of 100,000 frames', outcome: 'read', file: () => animated(16, 100_000) },
  { name: 'WebP of 300,000 frames', outcome: 'read', file: () => animated(16, 300_000) },
  {
    name: 'WebP of 1000 frames on a canvas of 7000 x 7000',
    outcome: 'read',
    allowed: held,
    file: () => animated(7000, 1000),
  },
  {
    name: 'WebP with a profile of 16 MiB',
    outcome: 'read',
    file: () => withMetadata('ICCP', flags.profile, zeros(16 * MiB)),
  },
  {
    name: 'WebP with EXIF of 16 MiB',
    outcome: 'read',
    file: () => withMetadata('EXIF', flags.exif, zeros(16 * MiB)),
  },
  {
    name: 'WebP with XMP of 16 MiB',
    outcome: 'read',
    file: () => withMetadata('XMP ', flags.xmp, zeros(16 * MiB)),
  },
  {
    name: 'WebP of a million unknown chunks',
    outcome: 'read',
    file: async () =>
      webp(extended(0, 64, 64), await bitstream(64, 64), repeated(MiB, chunk('what', zeros(0)))),
  },
]
