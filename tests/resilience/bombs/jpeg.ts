import sharp from 'sharp'
import { big, repeated, zeros } from '../../documents/bytes.ts'
import { mostScans, separateScans } from '../../documents/jpeg-scans.ts'
import { type Bomb, held, large } from './bomb.ts'

const blank = (side: number, options: { progressive?: boolean; chromaSubsampling?: string } = {}) =>
  sharp({ create: { width: side, height: side, channels: 3, background: 'white' } })
    .jpeg({ quality: 50, ...options })
    .toBuffer()

const startOfImage = Buffer.from([0xff, 0xd8])

const segment = (marker: number, data: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0xff, marker]), big(2, data.length + 2), data])

/** A picture with segments before all of its own. */
const withSegments = async (...segments: Buffer[]): Promise<Buffer> =>
  Buffer.concat([startOfImage, ...segments, (await blank(64)).subarray(2)])

/** The place of a marker's first byte. */
const find = (bytes: Buffer, marker: number): number => bytes.indexOf(Buffer.from([0xff, marker]))

/** A picture whose header claims another size. */
async function claiming(width: number, height: number, progressive = false): Promise<Buffer> {
  const bytes = await blank(64, { progressive })
  const frame = find(bytes, progressive ? 0xc2 : 0xc0)
  big(2, height, width).copy(bytes, frame + 5)
  return bytes
}

/** EXIF whose directory names itself as the next, and as that of its details. */
const ringExif = (): Buffer => {
  const tiff = Buffer.from(
    '4d4d002a00000008' + '0001' + '87690004' + '00000001' + '00000008' + '00000008',
    'hex',
  )
  return segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]))
}

/** EXIF with as many entries as fit, each of which claims 4 GiB. */
const fullExif = (): Buffer => {
  const count = 5000
  const head = Buffer.from('4d4d002a00000008', 'hex')
  const entry = Buffer.from('010e0002ffffffff00000008', 'hex')
  const directory = Buffer.concat([big(2, count), repeated(count, entry), zeros(4)])
  return segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), head, directory]))
}

/** A part of a profile: the first of 255. */
const profilePart = (index: number): Buffer =>
  segment(
    0xe2,
    Buffer.concat([
      Buffer.from('ICC_PROFILE\0', 'latin1'),
      Buffer.from([index, 255]),
      zeros(65_000),
    ]),
  )

export const jpegBombs: Bomb[] = [
  {
    name: 'JPEG that claims 65500 x 65500',
    outcome: 'image_too_large',
    file: () => claiming(65_500, 65_500),
  },
  {
    name: 'JPEG that claims 65535 x 65535',
    outcome: 'undecodable_image',
    file: () => claiming(65_535, 65_535),
  },
  {
    name: 'JPEG that claims 7000 x 7000',
    outcome: 'undecodable_image',
    file: () => claiming(7000, 7000),
  },
  {
    name: 'JPEG that claims 7000 x 7000, progressive',
    outcome: 'undecodable_image',
    allowed: held,
    file: () => claiming(7000, 7000, true),
  },
  { name: 'JPEG of no height', outcome: 'undecodable_image', file: () => claiming(64, 0) },
  { name: 'JPEG of 49 megapixels', outcome: 'read', allowed: large, file: () => blank(7000) },
  {
    name: 'JPEG of 49 megapixels, progressive',
    outcome: 'read',
    allowed: held,
    file: () => blank(7000, { progressive: true }),
  },
  {
    name: 'JPEG of 49 megapixels, progressive, 4:4:4',
    outcome: 'image_too_large',
    file: () => blank(7000, { progressive: true, chromaSubsampling: '4:4:4' }),
  },
  {
    name: 'JPEG of 49 megapixels, each component in a scan',
    outcome: 'image_too_large',
    file: () => separateScans(7000),
  },
  {
    name: 'JPEG of 33 megapixels in 56 scans',
    outcome: 'read',
    allowed: held,
    file: () => mostScans(5744),
  },
  {
    name: 'JPEG with 19 MiB of APP segments',
    outcome: 'read',
    file: () => withSegments(repeated(304, segment(0xe5, zeros(65_000)))),
  },
  {
    name: 'JPEG with 19 MiB of comments',
    outcome: 'read',
    file: () => withSegments(repeated(304, segment(0xfe, zeros(65_000)))),
  },
  {
    name: 'JPEG with 4 million empty segments',
    outcome: 'read',
    file: () => withSegments(repeated(4_000_000, segment(0xe5, zeros(0)))),
  },
  {
    name: 'JPEG with a profile of 255 parts',
    outcome: 'read',
    file: () => withSegments(...Array.from({ length: 255 }, (_, index) => profilePart(index + 1))),
  },
  { name: 'JPEG whose EXIF is a ring', outcome: 'read', file: () => withSegments(ringExif()) },
  {
    name: 'JPEG whose EXIF claims 5000 x 4 GiB',
    outcome: 'read',
    file: () => withSegments(fullExif()),
  },
  {
    name: 'JPEG with 300 full EXIF segments',
    outcome: 'read',
    file: () => withSegments(repeated(300, fullExif())),
  },
]
