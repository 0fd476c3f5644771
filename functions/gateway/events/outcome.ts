import { type ErrorKind, errorTable, OcrError, toOcrError } from '../../contract/errors.ts'
import type { OutgoingEvent } from './outgoing-event.ts'

/** What became of a document. */
export interface Outcome {
  /** Tells it. */
  readonly event: OutgoingEvent
  /** Why it was not read. */
  readonly error?: OcrError
  /** Whether the same document would come to the same another time. */
  readonly isFinal: boolean
}

/** Not so is an error that we did not foresee: it may be one of the moment. */
export const isPermanent = ({ kind, status }: OcrError): boolean =>
  !errorTable[kind].retryable && status < 500

/** Permanent, until somebody puts the document there, or installs the language. */
const mended: ReadonlySet<ErrorKind> = new Set(['reference_refused', 'unknown_language'])

interface Ends {
  read(): Promise<Pick<Outcome, 'event' | 'isFinal'>>
  failed(error: OcrError): OutgoingEvent
  /** Is told of an error, the last time that it has its cause. */
  onError(error: OcrError): void
  /** Whether nobody will try again after an error. */
  isLast?(error: OcrError): boolean
}

/**
 * The end of reading a document, a failure included that nobody will try again after.
 * @throws OcrError any other one
 */
export async function outcomeOf(ends: Ends): Promise<Outcome> {
  const { read, failed, onError, isLast = isPermanent } = ends
  try {
    return await read()
  } catch (thrown) {
    const error = toOcrError(thrown)
    if (!isLast(error)) throw error
    onError(error)
    const { kind, message } = error
    return {
      event: failed(error),
      // Without its cause, which may hold on to a whole connection while it is remembered; and it is not to pass.
      error: new OcrError(kind, message),
      isFinal: !mended.has(kind),
    }
  }
}

/** What an outcome takes in memory, about: a string has up to two bytes for a unit. */
export const bytesOf = ({ event }: Outcome): number => 2 * event.data.length
