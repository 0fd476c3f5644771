/** What a bound on memory depends on. */
interface MemoryBoundOptions {
  /** Pages that are read at once. */
  readonly slots: number
  /** Most bytes of all bodies together, `OCR_UPLOAD_MEMORY_BYTES` of the model. */
  readonly uploadMemoryBytes: number
}

/** Node with the model's code and its libraries, after its first pages. */
const baseMiB = 160
/** What libvips and Node hold for a page of the most pixels. */
const pageMiB = 220
/** What is made of the largest body while it is parsed, and what has not been collected yet of the one before. */
const parsingMiB = 160

/**
 * The resident memory in MiB that Node, and so the model without its engines, never goes beyond, whatever it is sent.
 */
export function memoryBoundMiB({ slots, uploadMemoryBytes }: MemoryBoundOptions): number {
  return baseMiB + uploadMemoryBytes / 2 ** 20 + parsingMiB + slots * pageMiB
}
