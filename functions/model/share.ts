import { OcrError } from '../contract/errors.ts'
import { createSlots, type Slots } from '../platform/slots.ts'

/** What one request may take, for all its documents and pages together. */
export interface Share {
  /** As many as there are slots, so that a long request leaves others room between its pages. */
  readonly lanes: Slots
  /**
   * Counts the pictures of pages that are kept for the answer.
   * @throws OcrError `output_too_large`
   */
  keep(bytes: number): void
}

export function createShare(options: { size: number; maxPdfBytes: number }): Share {
  const { size, maxPdfBytes } = options
  let kept = 0
  return {
    lanes: createSlots(size),
    keep(bytes) {
      kept += bytes
      if (kept <= maxPdfBytes) return
      throw new OcrError(
        'output_too_large',
        `The pictures of the pages would have more than the ${maxPdfBytes} bytes allowed. Ask for fewer pages by the option pages.`,
      )
    },
  }
}
