import sharp, { type Metadata, type Sharp } from 'sharp'
import { OcrError } from '../../contract/errors.ts'
import { fileTypeNames } from '../../contract/file-types.ts'

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
  /** Frames of an animation, of which the first is its page. */
  readonly frames: number
  /** Degrees by which it was turned clockwise since it was opened: 0, 90, 180 or 270. */
  readonly turned: number
  /** Whether it was drawn with fewer pixels per inch than were asked for. */
  readonly isReduced: boolean
}

export interface ImageLimits {
  /** Most pixels (width x height) that are accepted. */
  readonly maxPixels: number
  readonly pageTimeoutMs: number
}

const decoderOptions = { limitInputPixels: false, failOn: 'warning', autoOrient: true } as const

/**
 * The number of pages in an image file; an animation is one page.
 * @throws OcrError `unsupported_media`, `undecodable_image` or `too_many_pages`
 */
export async function countPages(bytes: Uint8Array): Promise<number> {
  const header = await readHeader(sharp(bytes, decoderOptions))
  const count = isAnimation(header) ? 1 : (header.pages ?? 1)
  if (count <= maxPagesOfFile) return count
  const message = `The file has ${count} pages, more than the ${maxPagesOfFile} among which some can be found.`
  throw new OcrError('too_many_pages', message)
}

/** To find a page of a TIFF, all before it are passed. */
const maxPagesOfFile = 10_000

const isAnimation = ({ format }: Metadata): boolean => format !== 'tiff'

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
  const { width, height } = header.autoOrient
  if (width * height > limits.maxPixels) {
    throw new OcrError(
      'image_too_large',
      `The image has ${width} x ${height} pixels, more than the ${limits.maxPixels} allowed.`,
    )
  }
  return {
    pixels: withTimeout(pixels, limits),
    width,
    height,
    isGray: header.space === 'b-w' || header.space === 'grey16',
    hasAlpha: header.hasAlpha,
    density: plausible(header.density),
    frames: isAnimation(header) ? (header.pages ?? 1) : 1,
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
    const message = `The file is not a supported image or PDF. Send one of: ${fileTypeNames.join(', ')}.`
    return new OcrError('unsupported_media', message, { cause })
  }
  if (/timeout/i.test(detail)) {
    return new OcrError('page_timeout', 'Decoding the image took too long.', { cause })
  }
  return new OcrError('undecodable_image', 'The image is damaged or incomplete.', { cause })
}
