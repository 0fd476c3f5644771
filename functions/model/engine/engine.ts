/** Options of one recognition, complete and checked: the languages are installed. */
export interface EngineOptions {
  readonly lang: string
  /** Directory of the language data. */
  readonly tessdata: string
  readonly psm: number
  readonly oem: number
  /** The only characters to read. */
  readonly allowlist?: string | undefined
  /** Characters never to read. */
  readonly denylist?: string | undefined
  /** Whether a process that has read a page would read the next one by it, and so must not. */
  readonly learns?: boolean
}

/** A program that reads page images. It is given at most as many pages at once as it was built for. */
export interface Engine {
  /**
   * Recognizes one page.
   * @param path an image file that our own encoder wrote; never anything that a client chose
   * @returns hOCR that holds the page's `ocr_page` element
   * @throws OcrError `engine_crashed`, `engine_unavailable`, or the signal's reason once the
   *   process that worked on the page is gone
   */
  recognize(path: string, options: EngineOptions, signal: AbortSignal): Promise<string>
  /** Ends all processes. */
  close(): Promise<void>
}
