import type { Readable } from 'node:stream'

/** A document that has begun to arrive. */
export interface ArrivingDocument {
  /** Undefined when it is not told. */
  readonly announcedBytes: number | undefined
  /** Its bytes; the signal that it was opened with destroys it. */
  readonly body: Readable
}

/** Documents of one kind of URL. */
export interface DocumentSource {
  /**
   * Asks for a document, and returns when its first bytes are to come. It may go on for a while after the signal has
   * aborted, but then gives nothing.
   * @throws OcrError `reference_refused`, `reference_unavailable`; anything else is a failure of the moment
   */
  open(url: URL, signal: AbortSignal): Promise<ArrivingDocument>
  /** Ends every connection. */
  close(): Promise<void>
}

/** Lets go of a body that nobody reads, with its connection. */
export function discard(body: Readable): void {
  // Otherwise the error of being ended early would end the process.
  body.on('error', () => undefined).destroy()
}
