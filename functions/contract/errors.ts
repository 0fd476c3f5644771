/** How one kind of failure is told to the outside. */
interface ErrorRow {
  /** HTTP status of the gateway and of the model. */
  readonly status: number
  /** Whether the same request may succeed when it is sent again later. */
  readonly retryable: boolean
  /** Short and constant: the `title` of problem+json (RFC 9457, 3.1.3). */
  readonly title: string
}

/**
 * Everything that can go wrong, once for both services. The key is the stable `code` in an answer,
 * the value of the `ocr-error-kind` header between the services, and the word in the log.
 */
export const errorTable = {
  invalid_request: { status: 400, retryable: false, title: 'The request is not valid' },
  unknown_language: { status: 400, retryable: false, title: 'The language is not installed' },
  not_found: { status: 404, retryable: false, title: 'Nothing is served at this path' },
  model_not_found: { status: 404, retryable: false, title: 'The model is not served here' },
  method_not_allowed: { status: 405, retryable: false, title: 'The path has another method' },
  payload_too_large: { status: 413, retryable: false, title: 'The request is too large' },
  unsupported_media: { status: 415, retryable: false, title: 'The file type is not supported' },
  undecodable_image: { status: 422, retryable: false, title: 'The image is damaged' },
  image_too_large: { status: 422, retryable: false, title: 'The image has too many pixels' },
  engine_crashed: { status: 422, retryable: false, title: 'The engine failed on this image' },
  overloaded: { status: 429, retryable: true, title: 'The service is busy' },
  client_gone: { status: 499, retryable: true, title: 'The client closed the connection' },
  internal: { status: 500, retryable: false, title: 'The service failed' },
  bad_upstream: { status: 502, retryable: true, title: 'The model gave an unusable answer' },
  engine_unavailable: { status: 503, retryable: true, title: 'The engine could not be started' },
  model_unavailable: { status: 503, retryable: true, title: 'The model cannot be reached' },
  not_ready: { status: 503, retryable: true, title: 'The service is starting or stopping' },
  deadline_exceeded: { status: 504, retryable: true, title: 'The time limit was reached' },
} as const satisfies Record<string, ErrorRow>

export type ErrorKind = keyof typeof errorTable

/** Response header that carries an {@link ErrorKind} from the model to the gateway. */
export const errorKindHeader = 'ocr-error-kind'

export const isErrorKind = (value: unknown): value is ErrorKind =>
  typeof value === 'string' && Object.hasOwn(errorTable, value)

interface OcrErrorOptions extends ErrorOptions {
  /** Whole seconds after which a retry makes sense. */
  retryAfterSeconds?: number | undefined
}

/**
 * A failure with a kind from {@link errorTable}. The message is written for the client: it says what
 * to change and holds no path, no program output and no secret. Details belong into `cause`, which
 * only the log sees.
 */
export class OcrError extends Error {
  override readonly name = 'OcrError'
  readonly kind: ErrorKind
  readonly retryAfterSeconds: number | undefined

  constructor(kind: ErrorKind, message: string, options: OcrErrorOptions = {}) {
    super(message, options)
    this.kind = kind
    this.retryAfterSeconds = options.retryAfterSeconds
  }

  get status(): number {
    return errorTable[this.kind].status
  }
}

/** Anything thrown, as an {@link OcrError}; what we did not foresee is `internal`. */
export function toOcrError(thrown: unknown): OcrError {
  if (thrown instanceof OcrError) return thrown
  return new OcrError('internal', 'The service failed on this request; its log has the details.', {
    cause: thrown,
  })
}

/**
 * Why work was aborted, as an {@link OcrError}. Whoever aborts in our services gives one as the reason;
 * any other reason is a server's word for a client that hung up.
 */
export function abortReason(reason: unknown): OcrError {
  if (reason instanceof OcrError) return reason
  return new OcrError('client_gone', 'The client closed the connection.', { cause: reason })
}
