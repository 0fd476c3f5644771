import sharp, { type Metadata, type Sharp } from 'sharp'
import { OcrError } from '../../contract/errors.ts'
import { fileTypeNames, typeOfFile } from '../../contract/file-types.ts'
import { type ImageLimits, requireWithinLimits } from './limits.ts'

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
  /** Of the file that it is in; of an animation the first one is its page. */
  readonly frames: number
  /** Degrees by which it was turned clockwise since it was opened: 0, 90, 180 or 270. */
  readonly turned: number
  /** Whether it was drawn with fewer pixels per inch than were asked for. */
  readonly isReduced: boolean
}

const decoderOptions = { limitInputPixels: false, failOn: 'warning', autoOrient: true } as const

/**
 * Makes sure by its header that an image can be decoded.
 * @throws OcrError `unsupported_media` or `undecodable_image`
 */
export async function requireImage(bytes: Uint8Array): Promise<void> {
  try {
    await readHeader(sharp(bytes, decoderOptions))
  } catch (error) {
    // What begins like an image of ours and is none for its decoder.
    throw typeOfFile(bytes) ? damaged(error) : error
  }
}

/**
 * Opens one page of an encoded image and checks its header; the format is told from the bytes alone.
 * @param image its bytes, or the path of a file of our own
 * @param number of the page, counted from 1
 * @throws OcrError `unsupported_media`, `undecodable_image` or `image_too_large`
 */
export async function decode(
  image: Uint8Array | string,
  limits: ImageLimits,
  number = 1,
): Promise<DecodedImage> {
  const pixels = sharp(image, { ...decoderOptions, page: number - 1 })
  const header = await readHeader(pixels)
  requireWithinLimits(header, limits)
  const { width, height } = header.autoOrient
  return {
    pixels: withTimeout(pixels, limits),
    width,
    height,
    isGray: header.space === 'b-w' || header.space === 'grey16',
    hasAlpha: header.hasAlpha,
    density: plausible(header.density),
    frames: 1,
    turned: 0,
    isReduced: false,
  }
}

/** Whatever stands in a file: only what print or a screen may have. */
const plausible = (density: number | undefined): number | undefined =>
  density && density >= 1 && density <= 10_000 ? density : undefined

/** The page turned clockwise by 90, 180 or 270 degrees. */
export function turn(image: DecodedImage, degrees: number): DecodedImage {
  const { width, height } = image
  const size = degrees % 180 === 0 ? { width, height } : { width: height, height: width }
  const turned = (image.turned + degrees) % 360
  // Of several turns of a picture sharp would make the last alone.
  return { ...image, ...size, turned, pixels: image.pixels.clone().rotate(turned) }
}

const withTimeout = (pixels: Sharp, { pageTimeoutMs }: ImageLimits): Sharp =>
  pixels.timeout({ seconds: Math.ceil(pageTimeoutMs / 1000) })

const readHeader = (pixels: Sharp): Promise<Metadata> => pixels.metadata().catch(failDecoding)

/** @throws OcrError what libvips has thrown, as ours */
export function failDecoding(cause: unknown): never {
  throw imageError(cause)
}

/** An error of libvips, as ours: damage is the file's, everything else is a format we do not read. */
export function imageError(cause: unknown): OcrError {
  const detail = cause instanceof Error ? cause.message : ''
  if (/unsupported image format/i.test(detail)) {
    const message = `The file is not a supported image or PDF. Send one of: ${fileTypeNames.join(', ')}.`
    return new OcrError('unsupported_media', message, { cause })
  }
  if (/timeout/i.test(detail)) {
    return new OcrError('page_timeout', 'Decoding the image took too long.', { cause })
  }
  return damaged(cause)
}

const damaged = (cause: unknown): OcrError =>
  new OcrError('undecodable_image', 'The image is damaged or incomplete.', { cause })
