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
}

export interface ImageLimits {
  /** Most pixels (width x height) that are accepted. */
  readonly maxPixels: number
  readonly pageTimeoutMs: number
}

const decoderOptions = { limitInputPixels: false, failOn: 'warning', autoOrient: true } as const

/**
 * The number of pages in an image file; an animation is one page.
 * @throws OcrError `unsupported_media` or `undecodable_image`
 */
export async function countPages(bytes: Uint8Array): Promise<number> {
  const header = await readHeader(sharp(bytes, decoderOptions))
  return isAnimation(header) ? 1 : (header.pages ?? 1)
}

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
    density: header.density,
    frames: isAnimation(header) ? (header.pages ?? 1) : 1,
  }
}

/** The page turned clockwise by 90, 180 or 270 degrees. */
export function turn(image: DecodedImage, degrees: number): DecodedImage {
  const { width, height } = image
  const size = degrees % 180 === 0 ? { width, height } : { width: height, height: width }
  return { ...image, ...size, pixels: image.pixels.clone().rotate(degrees) }
}

/** The page as a picture for people: JPEG, on white. */
export async function toJpeg({ pixels }: DecodedImage): Promise<Buffer> {
  return await pixels.clone().flatten({ background: 'white' }).jpeg({ quality: 85 }).toBuffer()
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
    return new OcrError('deadline_exceeded', 'Decoding the image took too long.', { cause })
  }
  return new OcrError('undecodable_image', 'The image is damaged or incomplete.', { cause })
}
