import { OcrError } from '../contract/errors.ts'
import type { Hold } from '../platform/receiving.ts'
import { createSlots, type Slots } from '../platform/slots.ts'

/** What one request may take, for all its documents and pages together. */
export interface Share {
  /** As many as there are slots, so that a long request leaves others room between its pages. */
  readonly lanes: Slots
  /**
   * Counts the pictures of pages that are kept for the answer.
   * @throws OcrError `output_too_large`, or `overloaded` when all requests together keep too much
   */
  keep(bytes: number): void
}

interface ShareOptions {
  /** Pages that it may have under way. */
  readonly size: number
  readonly maxPdfBytes: number
  /** Is told how many bytes of pictures are kept. */
  readonly memory?: Hold
}

export function createShare({ size, maxPdfBytes, memory }: ShareOptions): Share {
  let kept = 0
  return {
    lanes: createSlots(size),
    keep(bytes) {
      kept += bytes
      if (kept <= maxPdfBytes) return memory?.hold(kept)
      throw new OcrError(
        'output_too_large',
        `The pictures of the pages would have more than the ${maxPdfBytes} bytes allowed. Ask for fewer pages by the option pages.`,
      )
    },
  }
}
