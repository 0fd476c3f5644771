import sharp, { type Metadata, type Sharp } from 'sharp'
import { OcrError } from '../../contract/errors.ts'
import { formats } from './loaders.ts'

export interface DecodedImage {
  /** Decodes when its pixels are asked for, upright by its EXIF orientation. */
  readonly pixels: Sharp
  /** Of the upright image. */
  readonly width: number
  readonly height: number
  readonly isGray: boolean
  readonly hasAlpha: boolean
  /** Dots per inch, where the file says so. */
  readonly density: number | undefined
  readonly pages: number
}

/**
 * Opens an encoded image and checks its header; the format is told from the bytes alone.
 * @param maxPixels most pixels (width x height) that are accepted
 * @throws OcrError `unsupported_media`, `undecodable_image` or `image_too_large`
 */
export async function decode(
  bytes: Uint8Array,
  limits: { maxPixels: number; pageTimeoutMs: number },
): Promise<DecodedImage> {
  const pixels = sharp(bytes, { limitInputPixels: false, failOn: 'warning', autoOrient: true })
  const header = await readHeader(pixels)
  const { width, height } = header.autoOrient
  if (width * height > limits.maxPixels) {
    throw new OcrError(
      'image_too_large',
      `The image has ${width} x ${height} pixels, more than the ${limits.maxPixels} allowed.`,
    )
  }
  return {
    pixels: pixels.timeout({ seconds: Math.ceil(limits.pageTimeoutMs / 1000) }),
    width,
    height,
    isGray: header.space === 'b-w' || header.space === 'grey16',
    hasAlpha: header.hasAlpha,
    density: header.density,
    pages: header.pages ?? 1,
  }
}

async function readHeader(pixels: Sharp): Promise<Metadata> {
  try {
    return await pixels.metadata()
  } catch (cause) {
    throw imageError(cause)
  }
}

/** An error of libvips, as ours: damage is the file's, everything else is a format we do not read. */
export function imageError(cause: unknown): OcrError {
  const detail = cause instanceof Error ? cause.message : ''
  if (/unsupported image format/i.test(detail)) {
    const message = `The file is not a supported image. Send one of: ${formats.join(', ')}.`
    return new OcrError('unsupported_media', message, { cause })
  }
  if (/timeout/i.test(detail)) {
    return new OcrError('deadline_exceeded', 'Decoding the image took too long.', { cause })
  }
  return new OcrError('undecodable_image', 'The image is damaged or incomplete.', { cause })
}
