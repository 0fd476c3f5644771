import type { OcrError } from '../../contract/errors.ts'
import type { Hold } from '../../platform/receiving.ts'
import { isFinal } from '../answer/etag.ts'
import type { ClaimCheck } from '../claim/claim-check.ts'
import { type Recognize, wholeOf } from '../recognize.ts'
import type { Call } from '../upstream/call.ts'
import { type Outcome, outcomeOf } from './outcome.ts'
import type { Cause, ResultEvents } from './result-event.ts'
import type { Submitted } from './submitted.ts'

export interface SettleOptions {
  readonly recognize: Recognize
  readonly fetchDocument: ClaimCheck['fetch']
  readonly resultEvents: ResultEvents
  readonly maxFileBytes: number
  /** Is told how large a document is, and whether it came with its event or was fetched. */
  readonly onDocument: (source: 'event' | 'reference', bytes: number) => void
  /** Is told why a document can never be read. */
  readonly onError: (error: OcrError, cause: Cause) => void
}

/**
 * Reads the document of an event.
 * @throws OcrError for what may pass: the event is to be sent again
 */
export type Settle = (
  submitted: Submitted,
  cause: Cause,
  call: Call,
  memory: Hold,
) => Promise<Outcome>

export function createSettle(options: SettleOptions): Settle {
  const { recognize, fetchDocument, resultEvents, maxFileBytes, onDocument, onError } = options
  return (submitted, cause, call, memory) => {
    const imageOf = async ({ document }: Submitted): Promise<Uint8Array> => {
      if (document.type === 'file') return document.file
      const limits = { signal: call.signal, memory, maxBytes: maxFileBytes }
      return await fetchDocument(document.reference, limits)
    }
    return outcomeOf({
      async read() {
        const image = await imageOf(submitted)
        const { type } = submitted.document
        onDocument(type === 'file' ? 'event' : type, image.length)
        // Events have no pictures.
        const { pictures: _, ...options } = submitted.options
        const result = await wholeOf(recognize({ image, options }, call))
        const recognized = await resultEvents.recognized(cause, result, submitted)
        return { event: recognized, isFinal: isFinal(result.document) }
      },
      failed: (error) => resultEvents.failed(cause, error),
      onError: (error) => onError(error, cause),
    })
  }
}
