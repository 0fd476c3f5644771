import type { Sharp } from 'sharp'
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
  const { width, height, pixels } = withinLimits(image, options.enginePixels)
  const [scaleX, scaleY] = [image.width / width, image.height / height]
  const colored = pixels.toColorspace(image.isGray ? 'b-w' : 'srgb')
  await writeTiff(colored, path, image.density && image.density / scaleY)
  return { width, height, placement: scaledBy(scaleX, scaleY) }
}

/** The picture on white, scaled down to what the engine takes. */
export function withinLimits(image: DecodedImage, enginePixels: number) {
  const factor = Math.min(1, largestFactor(image, enginePixels))
  const side = (length: number) => Math.max(1, Math.floor(length * factor))
  const size = { width: side(image.width), height: side(image.height) }
  let pixels = image.pixels.clone()
  if (image.hasAlpha) pixels = pixels.flatten({ background: 'white' })
  if (size.width !== image.width || size.height !== image.height) {
    pixels = pixels.resize({ ...size, fit: 'fill' })
  }
  return { ...size, pixels }
}

/** By which a picture may be enlarged, or must be reduced, for the engine. */
export const largestFactor = (
  { width, height }: { width: number; height: number },
  enginePixels: number,
): number => Math.min(Math.sqrt(enginePixels / (width * height)), maxSide / Math.max(width, height))

/**
 * @param density pixels per inch
 * @throws OcrError `undecodable_image` when the pixels turn out to be damaged, or `overloaded`
 */
export async function writeTiff(
  pixels: Sharp,
  path: string,
  density: number | undefined,
): Promise<void> {
  try {
    await pixels.tiff({ compression: 'none', ...resolution(density) }).toFile(path)
  } catch (cause) {
    throw noRoom(cause) ?? imageError(cause)
  }
}

/** libvips counts pixels per millimeter. */
function resolution(density: number | undefined) {
  if (!density) return {}
  const perMillimeter = density / millimetersPerInch
  return { xres: perMillimeter, yres: perMillimeter }
}
