interface MemoryBoundOptions {
  /** Pages that are read at once. */
  readonly slots: number
  /** `OCR_UPLOAD_MEMORY_BYTES` of the model: what all bodies together may take, and what was decoded of them. */
  readonly uploadMemoryBytes: number
}

/** Node with all of the model's code, after its first pages: 140 to 165. */
const baseMiB = 160
/**
 * What is there beside the bodies while they come, up to the next garbage collection: pieces that were copied from, and
 * those of bodies that were refused; for a JSON of 28 MiB its text, twice, and 20 MiB of image. Sixty requests of 20 MiB
 * at once made that 200 to 240 if they were binary, and up to 340 if they were JSON.
 */
const uncollectedMiB = 384
/**
 * Rows that are under way through libvips and to the file, the body of the page that is read, and garbage: 60 to 85 for
 * pages of 49 megapixels. The three pictures in gray that the profile `best` works on have less than 120, after it.
 */
export const pageRowsMiB = 96
/** `OCR_MAX_DECODE_BYTES`, for a page that cannot be decoded row by row. */
const wholePictureMiB = 192

/** What one page adds at most. */
export const pageBoundMiB = pageRowsMiB + wholePictureMiB

/**
 * The resident memory in MiB that Node, which is the model without its engines, does not go beyond. Not in it are pages
 * as pictures, and searchable PDFs: a request that asks for them takes a few times `OCR_MAX_PDF_BYTES` more at most.
 */
export const memoryBoundMiB = ({ slots, uploadMemoryBytes }: MemoryBoundOptions): number =>
  baseMiB + uploadMemoryBytes / 2 ** 20 + uncollectedMiB + slots * pageBoundMiB
