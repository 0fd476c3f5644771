import type { Block, Orientation, Step } from '../contract/ocr.ts'
import type { Admitted } from './admit.ts'
import type { SourceDocument } from './document/source.ts'
import type { Engine } from './engine/engine.ts'
import { parseHocr } from './engine/hocr.ts'
import type { DetectOrientation } from './engine/orientation.ts'
import { type DecodedImage, toJpeg, turn } from './image/decode.ts'
import { normalize } from './image/normalize.ts'
import { placeBlocks } from './image/placement.ts'
import type { Lap } from './stopwatch.ts'
import type { Workspace } from './workspace.ts'

/** What was read on one page. */
export interface PageReading {
  /** The page as it was read: upright, and turned if that was asked for. */
  readonly image: DecodedImage
  /** Boxes are in pixels of `image`. */
  readonly blocks: readonly Block[]
  readonly psm: number
  readonly preprocessing: readonly Step[]
  /** Of the file that the engine read, if it is smaller than the page. */
  readonly scaledTo: { readonly width: number; readonly height: number } | undefined
  /** Undefined where it was not asked for or cannot be told. */
  readonly orientation: Orientation | undefined
  readonly jpeg: Uint8Array | undefined
}

export interface PageReader {
  /**
   * Reads one page: decode, normalize, recognize, parse.
   * @param withPicture whether the page is wanted as a JPEG, too
   * @throws OcrError, or the signal's reason; the page's file is gone by then
   */
  read(
    source: SourceDocument,
    number: number,
    request: Admitted & { readonly withPicture: boolean },
    lap: Lap,
    signal: AbortSignal,
  ): Promise<PageReading>
}

export function createPageReader(options: {
  readonly workspace: Workspace
  readonly engine: Engine
  readonly detectOrientation: DetectOrientation
  readonly enginePixels: number
}): PageReader {
  const { workspace, engine, detectOrientation, enginePixels } = options

  const upright = async (image: DecodedImage, signal: AbortSignal) => {
    using file = workspace.file('.tif')
    await normalize(image, file.path, { enginePixels })
    const orientation = await detectOrientation(file.path, signal)
    const turned = orientation?.rotated ? turn(image, orientation.rotated) : image
    return { image: turned, orientation }
  }

  return {
    async read(source, number, request, lap, signal) {
      using sourcePage = await source.openPage(number, signal)
      const { image } = sourcePage
      signal.throwIfAborted()
      const page =
        request.rotate === 'auto' ? await upright(image, signal) : { image, orientation: undefined }
      using file = workspace.file('.tif')
      const pageImage = await normalize(page.image, file.path, { enginePixels })
      const jpeg = request.withPicture ? await toJpeg(page.image) : undefined
      lap('decodeMs')
      const hocr = await engine.recognize(file.path, request.engine, signal)
      lap('recognizeMs')
      const { blocks } = parseHocr(hocr)
      lap('parseMs')
      return {
        ...page,
        blocks: placeBlocks(blocks, pageImage.placement, page.image),
        psm: request.engine.psm,
        preprocessing: [],
        scaledTo: pageImage.width < page.image.width ? pageImage : undefined,
        jpeg,
      }
    },
  }
}
