import type { DecodedImage } from './decode.ts'
import { withinLimits } from './normalize.ts'

/** The page as a picture for people: JPEG on white, with no more pixels than the engine takes. */
export const toJpeg = (image: DecodedImage, enginePixels: number): Promise<Buffer> =>
  withinLimits(image, enginePixels).pixels.jpeg({ quality: 85 }).toBuffer()
