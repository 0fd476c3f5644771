import type { DecodedImage } from '../image/decode.ts'
import type { ImageLimits } from '../image/limits.ts'

/** A file that has been opened: an image, several in one file, or a PDF. */
export interface SourceDocument extends Disposable {
  readonly pageCount: number
  /**
   * @param number counts from 1
   * @throws OcrError about this page alone
   */
  openPage(number: number, signal: AbortSignal): Promise<SourcePage>
}

/** A page whose pixels can be asked for until it is disposed of. */
export interface SourcePage extends Disposable {
  readonly image: DecodedImage
}

export interface DocumentLimits extends ImageLimits {
  /** Pixels per inch at which a page of a PDF is drawn, unless that makes more than `enginePixels`. */
  readonly pdfDpi: number
  readonly pdfMemoryBytes: number
}
