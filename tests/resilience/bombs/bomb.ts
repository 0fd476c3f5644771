import type { ErrorKind } from '../../../functions/contract/errors.ts'

/** A file that would cost far more than it weighs. */
export interface Bomb {
  readonly name: string
  /** What has to come of it: a page that is read, or a refusal; either of them, where that is for poppler to say. */
  readonly outcome: 'read' | 'either' | ErrorKind
  /** In place of the goals for all. */
  readonly allowed?: Allowance
  readonly file: () => Buffer | Promise<Buffer>
}

/** What a file may take that is read like any honest one. */
export interface Allowance {
  readonly seconds: number
  readonly growthMB: number
}

/** Pages of a PDF are drawn by a child until the time for a page is over. */
export const pageTimeoutSeconds = 7

/** Drawing goes on until the time for a page is over, in a child. */
export const drawing: Allowance = { seconds: pageTimeoutSeconds + 1, growthMB: 100 }

/** A legal picture of the most pixels, decoded row by row. */
export const large: Allowance = { seconds: pageTimeoutSeconds, growthMB: 120 }

/** A legal picture that its decoder holds as a whole: OCR_MAX_DECODE_BYTES, and what a page takes besides. */
export const held: Allowance = { seconds: pageTimeoutSeconds, growthMB: 250 }

export const MiB = 2 ** 20
