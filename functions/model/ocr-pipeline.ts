import type { OcrRequest, OcrResult } from '../contract/ocr-tensors.ts'
import { createDeadline } from '../platform/deadline.ts'
import { type AdmitRules, admit } from './admit.ts'
import type { Engine } from './engine/engine.ts'
import { parseHocr } from './engine/hocr.ts'
import { decode } from './image/decode.ts'
import { normalize } from './image/normalize.ts'
import { documentOf } from './result.ts'
import type { Slots } from './slots.ts'
import type { Workspace } from './workspace.ts'

export interface OcrPipeline {
  /**
   * Reads one image: admit, decode, normalize, recognize, parse, result.
   * @throws OcrError, or the signal's reason; the page's file and slot are free again by then
   */
  recognize(request: OcrRequest, signal: AbortSignal): Promise<OcrResult>
}

interface PipelineOptions {
  readonly rules: AdmitRules
  readonly slots: Slots
  readonly workspace: Workspace
  readonly engine: Engine
  readonly engineVersion: string
  readonly limits: {
    readonly maxPixels: number
    readonly enginePixels: number
    readonly pageTimeoutMs: number
  }
}

export function createOcrPipeline(options: PipelineOptions): OcrPipeline {
  const { rules, slots, workspace, engine, engineVersion, limits } = options
  return {
    async recognize(request, outer) {
      const engineOptions = admit(request, rules)
      const lap = createLaps()
      // Decoding counts as the slot's work, so that at most one page per slot is in memory.
      using _slot = await slots.acquire(outer)
      const queueMs = lap()
      using deadline = createDeadline('Reading the page', limits.pageTimeoutMs, outer)
      const { signal } = deadline
      using file = workspace.file('.tif')

      const image = await decode(request.image, limits)
      signal.throwIfAborted()
      const pageImage = await normalize(image, file.path, limits)
      const decodeMs = lap()
      const hocr = await engine.recognize(file.path, engineOptions, signal)
      const recognizeMs = lap()
      const { blocks } = parseHocr(hocr)
      const info = { name: 'tesseract', version: engineVersion, ...engineOptions }
      const document = documentOf({ blocks, image, pageImage, engine: info })
      return { document, timings: { queueMs, decodeMs, recognizeMs, parseMs: lap() } }
    },
  }
}

/** Returns the milliseconds since it was last asked, to a tenth. */
function createLaps(): () => number {
  let last = performance.now()
  return () => {
    const elapsed = performance.now() - last
    last += elapsed
    return Math.round(elapsed * 10) / 10
  }
}
