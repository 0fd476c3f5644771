import type { Metadata } from 'sharp'
import { OcrError } from '../../contract/errors.ts'

export interface ImageLimits {
  /** Most pixels (width x height) that are accepted. */
  readonly maxPixels: number
  /** Most pixels of a side. */
  readonly maxSide: number
  /** Most memory for a picture that its decoder has to hold as a whole. */
  readonly maxDecodeBytes: number
  /** Most pixels that the engine sees. */
  readonly enginePixels: number
  readonly pageTimeoutMs: number
}

/**
 * Checks by its header what decoding an image would take.
 * @throws OcrError `image_too_large`, which says what to change
 */
export function requireWithinLimits(header: Metadata, limits: ImageLimits): void {
  const { width, height } = header.autoOrient
  const { maxPixels, maxSide, maxDecodeBytes, enginePixels } = limits
  const size = `The image has ${width} x ${height} pixels`
  if (width * height > maxPixels) {
    throw new OcrError('image_too_large', `${size}, more than the ${maxPixels} allowed.`)
  }
  if (Math.max(width, height) > maxSide) {
    const message = `${size}, and no side may have more than ${maxSide}. Send it smaller or in parts.`
    throw new OcrError('image_too_large', message)
  }
  const bytes = bytesHeld(header, enginePixels)
  if (bytes > maxDecodeBytes) {
    const message = `${size} and is ${kindOf(header)}, which takes ${inMB(bytes)} MB to decode; ${inMB(maxDecodeBytes)} are allowed. Send it as a plain PNG or JPEG, or smaller.`
    throw new OcrError('image_too_large', message)
  }
}

/**
 * Memory, nearly, that libvips takes for a picture that cannot be decoded row by row; 0 for any other. Measured with
 * pictures of 25 and of 49 megapixels.
 */
function bytesHeld(header: Metadata, enginePixels: number): number {
  const { width, height, format, isProgressive, channels } = header
  const pixels = width * height
  switch (format) {
    // The frame and the canvas. A picture that is scaled down for the engine is so while it is decoded.
    case 'webp':
      return Math.min(pixels, enginePixels) * 8
    // The canvas, and what the frame has of it.
    case 'gif':
      return pixels * 5
    // It may be laid out in tiles that are as high as the picture.
    case 'tiff':
      return pixels * channels * bytesPerSample(header)
    case 'png':
      return isProgressive ? pixels * channels * bytesPerSample(header) : 0
    case 'jpeg':
      return isProgressive ? pixels * coefficientsPerPixel(header) * 2 : 0
    default:
      return 0
  }
}

const samples: Readonly<Record<string, number>> = { uchar: 1, char: 1, ushort: 2, short: 2 }
const bytesPerSample = ({ depth }: Metadata): number => samples[depth] ?? 8

/** Of a JPEG: as many as channels, but fewer where it has colors for every other pixel alone. */
const coefficientsPerPixel = ({ channels, chromaSubsampling = '' }: Metadata): number => {
  if (channels !== 3) return channels
  return chromaSubsampling === '4:2:0' ? 1.5 : 3
}

const kindOf = ({ format, isProgressive }: Metadata): string =>
  isProgressive && format !== 'gif' ? `a progressive ${format}` : `a ${format}`

const inMB = (bytes: number): number => Math.ceil(bytes / 1e6)
