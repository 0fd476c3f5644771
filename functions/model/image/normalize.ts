import { OcrError } from '../../contract/errors.ts'
import { type DecodedImage, imageError } from './decode.ts'

/** tesseract cannot read an image with a longer side (INT16_MAX). */
const maxSide = 32_767
const millimetersPerInch = 25.4

export interface PageImage {
  /** Pixels of the file that was written. */
  readonly width: number
  readonly height: number
  /** Pixels of the upright original per pixel of the file; 1 when it was not scaled. */
  readonly scaleX: number
  readonly scaleY: number
}

/**
 * Writes the page as the engine wants it: an uncompressed TIFF, gray or color as it came, alpha on
 * white, its density kept because the engine would guess it otherwise. Pixels are changed only where
 * they must be: more than `enginePixels` of them, or a side over 32,767, are scaled down.
 * @throws OcrError `undecodable_image` when the pixels turn out to be damaged
 */
export async function normalize(
  image: DecodedImage,
  path: string,
  options: { enginePixels: number },
): Promise<PageImage> {
  const { width, height } = targetSize(image, options.enginePixels)
  const scaleX = image.width / width
  const scaleY = image.height / height
  let pixels = image.pixels
  if (image.hasAlpha) pixels = pixels.flatten({ background: 'white' })
  if (scaleX !== 1 || scaleY !== 1) pixels = pixels.resize({ width, height, fit: 'fill' })
  try {
    await pixels
      .toColorspace(image.isGray ? 'b-w' : 'srgb')
      .tiff({ compression: 'none', ...resolution(image.density, scaleY) })
      .toFile(path)
  } catch (cause) {
    throw isDiskFull(cause) ? noRoom(cause) : imageError(cause)
  }
  return { width, height, scaleX, scaleY }
}

function targetSize({ width, height }: DecodedImage, enginePixels: number) {
  const factor = Math.min(
    1,
    Math.sqrt(enginePixels / (width * height)),
    maxSide / Math.max(width, height),
  )
  const side = (length: number) => Math.max(1, Math.floor(length * factor))
  return { width: side(width), height: side(height) }
}

/** libvips counts pixels per millimeter. */
function resolution(density: number | undefined, scale: number) {
  if (!density) return {}
  const perMillimeter = density / scale / millimetersPerInch
  return { xres: perMillimeter, yres: perMillimeter }
}

const isDiskFull = (cause: unknown): boolean =>
  cause instanceof Error && /no space left/i.test(cause.message)

const noRoom = (cause: unknown): OcrError =>
  new OcrError('overloaded', 'There is no working memory for this page now; try again later.', {
    cause,
    retryAfterSeconds: 5,
  })
