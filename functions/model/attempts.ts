import type { Step } from '../contract/ocr.ts'
import type { Attempts } from './best-reading.ts'
import type { Engine, EngineOptions } from './engine/engine.ts'
import { parseHocr } from './engine/hocr.ts'
import type { DecodedImage } from './image/decode.ts'
import { normalize } from './image/normalize.ts'
import { type Placement, placeBlocks } from './image/placement.ts'
import { type Repair, writeRepaired } from './image/repair.ts'
import type { Lap } from './stopwatch.ts'
import type { Workspace } from './workspace.ts'

/** Ways to have the engine read a page: each writes a file, has it recognized and parses what comes back. */
export function createAttempts(options: {
  readonly workspace: Workspace
  readonly engine: Engine
  readonly engineOptions: EngineOptions
  readonly enginePixels: number
  readonly lap: Lap
  readonly signal: AbortSignal
}): Attempts {
  const { workspace, engine, engineOptions, enginePixels, lap, signal } = options

  /** @returns what is read in a file, where it lies on the page */
  const read = async (path: string, placement: Placement, image: DecodedImage) => {
    // A reading that fails takes its time, too.
    const recognized = engine.recognize(path, engineOptions, signal)
    const hocr = await recognized.finally(() => lap('recognize'))
    const blocks = placeBlocks(parseHocr(hocr).blocks, placement, image)
    lap('parse')
    return blocks
  }

  return {
    async asItIs(image) {
      using file = workspace.file('.tif')
      const { width, height, placement } = await normalize(image, file.path, { enginePixels })
      lap('normalize')
      const blocks = await read(file.path, placement, image)
      const scaledTo = width < image.width ? { width, height } : undefined
      return { image, blocks, preprocessing: [], scaledTo }
    },

    async repaired(image, page, repair) {
      using file = workspace.file('.tif')
      const placement = await writeRepaired(page, repair, file.path, image.width)
      lap('improve')
      signal.throwIfAborted()
      const blocks = await read(file.path, placement, image)
      return { image, blocks, preprocessing: stepsOf(repair), scaledTo: undefined }
    },
  }
}

/** In the order in which they are made. */
function stepsOf({ skew, factor }: Repair): Step[] {
  const steps: Step[] = [{ name: 'even_light' }]
  if (skew !== 0) steps.push({ name: 'deskew', value: Math.round(skew * 10) / 10 })
  if (factor !== 1) steps.push({ name: 'enlarge', value: Math.round(factor * 100) / 100 })
  return [...steps, { name: 'soften' }]
}
