import type { Picture } from '../../contract/ocr.ts'
import type { DecodedImage } from './decode.ts'
import { withinLimits } from './normalize.ts'

/** An A4 page at 200 pixels per inch. */
export const screenPixels = 4_000_000

const jpegOf = (image: DecodedImage, maxPixels: number) =>
  withinLimits(image, maxPixels).pixels.jpeg({ quality: 85 })

/** The page as a picture for people: JPEG on white, with no more pixels than the engine takes. */
export const toJpeg = (image: DecodedImage, enginePixels: number): Promise<Buffer> =>
  jpegOf(image, enginePixels).toBuffer()

/** The page as a picture for a screen, in base64. */
export async function toPicture(image: DecodedImage): Promise<Picture> {
  const { data, info } = await jpegOf(image, screenPixels).toBuffer({ resolveWithObject: true })
  const { width, height } = info
  return { mediaType: 'image/jpeg', width, height, data: data.toString('base64') }
}
