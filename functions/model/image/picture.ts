import type { Picture } from '../../contract/ocr.ts'
import { type DecodedImage, failDecoding } from './decode.ts'
import { withinLimits } from './normalize.ts'

/** An A4 page at 200 pixels per inch. */
export const screenPixels = 4_000_000

const jpegOf = (image: DecodedImage, maxPixels: number) =>
  withinLimits(image, maxPixels).pixels.jpeg({ quality: 85 })

/**
 * The page as a picture for people: JPEG on white, with no more pixels than the engine takes.
 * @throws OcrError `undecodable_image` or `page_timeout`, since it is decoded once more
 */
export const toJpeg = (image: DecodedImage, enginePixels: number): Promise<Buffer> =>
  jpegOf(image, enginePixels).toBuffer().catch(failDecoding)

/**
 * The page as a picture for a screen, in base64.
 * @throws OcrError as {@link toJpeg}
 */
export async function toPicture(image: DecodedImage): Promise<Picture> {
  const jpeg = jpegOf(image, screenPixels)
  const { data, info } = await jpeg.toBuffer({ resolveWithObject: true }).catch(failDecoding)
  const { width, height } = info
  return { mediaType: 'image/jpeg', width, height, data: data.toString('base64') }
}
