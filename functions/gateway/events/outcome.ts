import { errorTable, type OcrError, toOcrError } from '../../contract/errors.ts'
import type { OutgoingEvent } from './outgoing-event.ts'

/** What became of a document for good. */
export interface Outcome {
  /** Tells it. */
  readonly event: OutgoingEvent
  /** Why it was not read. */
  readonly error?: OcrError
}

/** Not so is an error that we did not foresee: it may be one of the moment. */
export const isPermanent = ({ kind, status }: OcrError): boolean =>
  !errorTable[kind].retryable && status < 500

interface Ends {
  read(): Promise<OutgoingEvent>
  failed(error: OcrError): OutgoingEvent
  /** Whether nobody will try again after an error. */
  isFinal?(error: OcrError): boolean
}

/**
 * The end of reading a document, a final failure included.
 * @throws OcrError which is not final
 */
export async function outcomeOf({ read, failed, isFinal = isPermanent }: Ends): Promise<Outcome> {
  try {
    return { event: await read() }
  } catch (thrown) {
    const error = toOcrError(thrown)
    if (!isFinal(error)) throw error
    return { event: failed(error), error }
  }
}

/** What an outcome takes in memory, about. */
export const bytesOf = ({ event }: Outcome): number => Buffer.byteLength(JSON.stringify(event))
