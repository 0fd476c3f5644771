/**
 * An image file by what stands where in it. It is walked from block to block, and nothing is decoded. What is not as it
 * should be is left to the decoder, which refuses it.
 */
export interface ImageFile {
  readonly pageCount: number
  /** Of an animation, of which the first is its page; 1 of anything else. */
  readonly frames: number
  /**
   * The file for the decoder. If there is much in it that no picture needs, and that would take decoders minutes to
   * open, it is a copy without that.
   */
  readonly bytes: Uint8Array
}

/** No profile of colors is larger, not even for printing presses, and no EXIF. */
export const maxMetadataBytes = 4 * 2 ** 20
