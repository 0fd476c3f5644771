import sharp, { type Sharp } from 'sharp'
import { failDecoding } from './decode.ts'

/** A picture of one byte for each pixel, row by row; 0 is black. */
export interface Gray {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

export const toSharp = ({ width, height, data }: Gray): Sharp =>
  sharp(data, { raw: { width, height, channels: 1 } }).toColorspace('b-w')

/** @throws OcrError `undecodable_image` or `page_timeout`, since the image may be decoded only now */
export async function toGray(image: Sharp): Promise<Gray> {
  const pixels = image.toColorspace('b-w').raw()
  const { data, info } = await pixels.toBuffer({ resolveWithObject: true }).catch(failDecoding)
  return { width: info.width, height: info.height, data }
}

export const resized = (
  gray: Gray,
  width: number,
  height: number,
  kernel: 'nearest' | 'linear' = 'linear',
): Promise<Gray> => toGray(toSharp(gray).resize({ width, height, fit: 'fill', kernel }))

/** A side of the paper's picture for one of the page. */
const paperScale = 1 / 8

/** The brightness of the paper everywhere on a page, without what is written on it; reduced. */
export async function paperOf(page: Gray): Promise<Gray> {
  const side = (length: number) => Math.ceil(length * paperScale)
  const sample = await resized(page, side(page.width), side(page.height), 'nearest')
  const withoutInk = await toGray(toSharp(sample).median(windowFor(sample)))
  return await toGray(toSharp(withoutInk).blur(2))
}

/** Wider than strokes and words; no wider than the picture, which libvips refuses. */
function windowFor({ width, height }: Gray): number {
  const side = Math.min(9, width, height)
  return side % 2 === 1 ? side : side - 1
}

const white = 250

/** A page under even light: as bright as if its paper, of the same size, were white. */
export function divideBy(page: Gray, paper: Gray): Gray {
  const data = new Uint8Array(page.data.length)
  for (let index = 0; index < data.length; index++) {
    const brightness = ((page.data[index] ?? 0) * white) / Math.max(1, paper.data[index] ?? 0)
    data[index] = Math.min(255, brightness)
  }
  return { ...page, data }
}
