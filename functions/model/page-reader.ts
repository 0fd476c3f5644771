import type { Orientation } from '../contract/ocr.ts'
import type { Admitted } from './admit.ts'
import { createAttempts } from './attempts.ts'
import { mostConfident, type Reading, readBest } from './best-reading.ts'
import type { SourceDocument } from './document/source.ts'
import type { Engine } from './engine/engine.ts'
import type { DetectOrientation } from './engine/orientation.ts'
import { type DecodedImage, toJpeg, turn } from './image/decode.ts'
import { normalize } from './image/normalize.ts'
import type { Lap } from './stopwatch.ts'
import type { Workspace } from './workspace.ts'

/** What was read on one page. */
export interface PageReading extends Reading {
  readonly psm: number
  /** Undefined where it was not asked for or cannot be told. */
  readonly orientation: Orientation | undefined
  readonly jpeg: Uint8Array | undefined
}

export interface PageReader {
  /**
   * Reads one page: decode, normalize, recognize, parse.
   * @param withPicture whether the page is wanted as a JPEG, too
   * @throws OcrError, or the signal's reason; the page's files are gone by then
   */
  read(
    source: SourceDocument,
    number: number,
    request: Admitted & { readonly withPicture: boolean },
    lap: Lap,
    signal: AbortSignal,
  ): Promise<PageReading>
}

interface PageReaderOptions {
  readonly workspace: Workspace
  readonly engine: Engine
  readonly detectOrientation: DetectOrientation
  readonly enginePixels: number
}

/** OSD's confidence above which it is not checked by reading the page both ways. */
const sureConfidence = 5
/** Modes beyond it take the picture for a line, a word or scattered text, and no page. */
const lastPsmOfPages = 6

export function createPageReader(options: PageReaderOptions): PageReader {
  const { workspace, detectOrientation, enginePixels } = options

  const orientationOf = async (image: DecodedImage, signal: AbortSignal) => {
    using file = workspace.file('.tif')
    await normalize(image, file.path, { enginePixels })
    return await detectOrientation(file.path, signal)
  }

  return {
    async read(source, number, request, lap, signal) {
      using page = await source.openPage(number, signal)
      signal.throwIfAborted()
      const { image } = page
      const engineOptions = request.engine
      const attempts = createAttempts({ ...options, engineOptions, lap, signal })
      const isBest = request.profile === 'best' && engineOptions.psm <= lastPsmOfPages
      const readAs = (picture: DecodedImage) =>
        isBest ? readBest(picture, attempts, enginePixels) : attempts.asItIs(picture)

      const found = request.rotate === 'auto' ? await orientationOf(image, signal) : undefined
      const reading = found?.rotated ? await readTurned(image, found, readAs) : await readAs(image)
      const isAsItWas = reading.image === image
      const orientation = found && { ...found, rotated: isAsItWas ? 0 : found.rotated }
      const jpeg = request.withPicture ? await toJpeg(reading.image) : undefined
      lap('decodeMs')
      return { ...reading, psm: engineOptions.psm, orientation, jpeg }
    },
  }
}

/** Reads the page turned by what OSD found; where that is doubtful, as it lies, too. */
async function readTurned(
  image: DecodedImage,
  { rotated, confidence }: Orientation,
  readAs: (image: DecodedImage) => Promise<Reading>,
): Promise<Reading> {
  const turned = await readAs(turn(image, rotated))
  if (confidence >= sureConfidence) return turned
  return mostConfident([turned, await readAs(image)])
}
