import { crc32, deflateSync } from 'node:zlib'
import { big, zeros } from './bytes.ts'

const signature = Buffer.from('89504e470d0a1a0a', 'hex')

export function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data])
  return Buffer.concat([big(4, data.length), typed, big(4, crc32(typed))])
}

type Depth = 'bilevel' | 'color16'
const depths = {
  bilevel: { fields: [1, 0], bitsPerPixel: 1 },
  color16: { fields: [16, 6], bitsPerPixel: 64 },
}

export interface Picture {
  readonly width: number
  readonly height: number
  readonly depth?: Depth
  readonly isInterlaced?: boolean
}

const header = ({ width, height, depth = 'bilevel', isInterlaced = false }: Picture): Buffer =>
  chunk(
    'IHDR',
    Buffer.concat([
      big(4, width, height),
      Buffer.from([...depths[depth].fields, 0, 0, isInterlaced ? 1 : 0]),
    ]),
  )

/** Rows of zeros: their filter, then black pixels. */
function pixels({ width, height, depth = 'bilevel', isInterlaced = false }: Picture): Buffer {
  const row = 1 + Math.ceil((width * depths[depth].bitsPerPixel) / 8)
  // Seven passes have some more rows, each of which begins with its filter.
  return chunk('IDAT', deflateSync(zeros(row * height + (isInterlaced ? 8 * height + width : 0))))
}

const end = chunk('IEND', zeros(0))

/** @param between chunks before the pixels */
export const pngOf = (picture: Picture, ...between: Buffer[]): Buffer =>
  Buffer.concat([signature, header(picture), ...between, pixels(picture), end])

/** A picture that ends after its header. */
export const claims = (width: number, height: number): Buffer =>
  Buffer.concat([signature, header({ width, height }), chunk('IDAT', deflateSync(zeros(100))), end])
