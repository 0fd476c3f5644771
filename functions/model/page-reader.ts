import type { Orientation, Picture } from '../contract/ocr.ts'
import type { Admitted } from './admit.ts'
import { createAttempts } from './attempts.ts'
import { improve, mostConfident, type Reading } from './best-reading.ts'
import type { SourceDocument } from './document/document.ts'
import type { Engine } from './engine/engine.ts'
import type { DetectOrientation } from './engine/orientation.ts'
import { type DecodedImage, turn } from './image/decode.ts'
import { normalize } from './image/normalize.ts'
import { toJpeg, toPicture } from './image/picture.ts'
import type { Lap } from './stopwatch.ts'
import type { Workspace } from './workspace.ts'

/** What was read on one page. */
export interface PageReading extends Reading {
  /** Undefined where it was not asked for or cannot be told. */
  readonly orientation: Orientation | undefined
  /** For a searchable PDF. */
  readonly jpeg: Uint8Array | undefined
  /** For a screen. */
  readonly picture: Picture | undefined
}

export interface PageReader {
  /**
   * Reads one page: decode, normalize, recognize, parse.
   * @param withJpeg whether the page is wanted for a searchable PDF, too
   * @throws OcrError, or the signal's reason; the page's files are gone by then
   */
  read(
    source: SourceDocument,
    number: number,
    request: Admitted & { readonly withJpeg: boolean },
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

  const orient = async (image: DecodedImage, lap: Lap, signal: AbortSignal) => {
    using file = workspace.file('.tif')
    await normalize(image, file.path, { enginePixels })
    lap('normalize')
    const orientation = await detectOrientation(file.path, signal)
    lap('recognize')
    return orientation
  }

  return {
    async read(source, number, request, lap, signal) {
      using page = await source.openPage(number, signal)
      lap('decode')
      signal.throwIfAborted()
      const attempts = createAttempts({ ...options, engineOptions: request.engine, lap, signal })
      const found = request.rotate === 'auto' ? await orient(page.image, lap, signal) : undefined
      const first = await readOriented(page.image, found, attempts.asItIs)
      const isBest = request.profile === 'best' && request.engine.psm <= lastPsmOfPages
      const reading = isBest ? await improve(first, attempts, enginePixels) : first
      if (isBest) lap('improve')
      const jpeg = request.withJpeg ? await toJpeg(reading.image, enginePixels) : undefined
      const picture = request.withPictures ? await toPicture(reading.image) : undefined
      if (jpeg || picture) lap('picture')
      const orientation = found && { ...found, rotated: reading.image.turned }
      return { ...reading, orientation, jpeg, picture }
    },
  }
}

/** Reads the page as OSD would have it turned; where that is doubtful, as it lies, too. */
async function readOriented(
  image: DecodedImage,
  found: Orientation | undefined,
  read: (image: DecodedImage) => Promise<Reading>,
): Promise<Reading> {
  if (!found?.rotated) return await read(image)
  const turned = await read(turn(image, found.rotated))
  if (found.confidence >= sureConfidence) return turned
  return mostConfident([turned, await read(image)])
}
