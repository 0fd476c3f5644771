import { noRoom } from '../workspace.ts'
import { type DecodedImage, imageError } from './decode.ts'
import { type Placement, scaledBy } from './placement.ts'

/** tesseract cannot read an image with a longer side (INT16_MAX). */
const maxSide = 32_767
const millimetersPerInch = 25.4

export interface PageImage {
  /** Pixels of the file that was written. */
  readonly width: number
  readonly height: number
  /** Where its pixels lie on the upright original. */
  readonly placement: Placement
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
  let pixels = image.pixels.clone()
  if (image.hasAlpha) pixels = pixels.flatten({ background: 'white' })
  if (scaleX !== 1 || scaleY !== 1) pixels = pixels.resize({ width, height, fit: 'fill' })
  try {
    await pixels
      .toColorspace(image.isGray ? 'b-w' : 'srgb')
      .tiff({ compression: 'none', ...resolution(image.density, scaleY) })
      .toFile(path)
  } catch (cause) {
    throw noRoom(cause) ?? imageError(cause)
  }
  return { width, height, placement: scaledBy(scaleX, scaleY) }
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
