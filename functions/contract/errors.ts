/** Status codes of gRPC that we answer with (gRPC, "Status codes and their use"). */
export const grpcCodes = {
  CANCELLED: 1,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  RESOURCE_EXHAUSTED: 8,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const

/** How one kind of failure is told to the outside. */
interface ErrorRow {
  /** HTTP status of the gateway and of the model. */
  readonly status: number
  /** gRPC status of the model. */
  readonly grpc: keyof typeof grpcCodes
  /** Whether the same request may succeed when it is sent again later. */
  readonly retryable: boolean
  /** Short and constant: the `title` of problem+json (RFC 9457, 3.1.3). */
  readonly title: string
}

const row =
  (retryable: boolean) =>
  (status: number, grpc: ErrorRow['grpc'], title: string): ErrorRow => ({
    status,
    grpc,
    retryable,
    title,
  })
const final = row(false)
const passing = row(true)

/**
 * Everything that can go wrong, once for both services. The key is the stable `code` in an answer,
 * the value of the `ocr-error-kind` header of an answer, and the word in the log.
 */
export const errorTable = {
  invalid_request: final(400, 'INVALID_ARGUMENT', 'The request is not valid'),
  unknown_language: final(400, 'INVALID_ARGUMENT', 'The language is not installed'),
  unauthorized: final(401, 'UNAUTHENTICATED', 'A valid key is needed'),
  not_found: final(404, 'UNIMPLEMENTED', 'Nothing is served at this path'),
  model_not_found: final(404, 'NOT_FOUND', 'The model is not served here'),
  method_not_allowed: final(405, 'UNIMPLEMENTED', 'The method is not allowed here'),
  not_acceptable: final(406, 'INVALID_ARGUMENT', 'The answer has no such format'),
  request_timeout: passing(408, 'CANCELLED', 'The request took too long to arrive'),
  payload_too_large: final(413, 'RESOURCE_EXHAUSTED', 'The request is too large'),
  unsupported_media: final(415, 'INVALID_ARGUMENT', 'The file type is not supported'),
  undecodable_image: final(422, 'INVALID_ARGUMENT', 'The file is damaged'),
  encrypted_document: final(422, 'INVALID_ARGUMENT', 'The document needs a password'),
  image_too_large: final(422, 'INVALID_ARGUMENT', 'The image has too many pixels'),
  too_many_pages: final(422, 'INVALID_ARGUMENT', 'The document has too many pages'),
  output_too_large: final(422, 'RESOURCE_EXHAUSTED', 'The output is too large'),
  page_timeout: final(422, 'DEADLINE_EXCEEDED', 'A page takes too long to read'),
  engine_crashed: final(422, 'INTERNAL', 'The engine failed on this image'),
  reference_refused: final(422, 'INVALID_ARGUMENT', 'The document cannot be fetched'),
  overloaded: passing(429, 'RESOURCE_EXHAUSTED', 'The service is busy'),
  rate_limited: passing(429, 'RESOURCE_EXHAUSTED', 'The caller sends too many requests'),
  headers_too_large: final(431, 'RESOURCE_EXHAUSTED', 'The headers are too large'),
  client_gone: passing(499, 'CANCELLED', 'The client closed the connection'),
  internal: final(500, 'INTERNAL', 'The service failed'),
  not_supported: final(501, 'UNIMPLEMENTED', 'The service cannot do this'),
  bad_upstream: passing(502, 'UNAVAILABLE', 'The model gave an unusable answer'),
  engine_unavailable: passing(503, 'UNAVAILABLE', 'The engine could not be started'),
  model_unavailable: passing(503, 'UNAVAILABLE', 'The model cannot be reached'),
  not_ready: passing(503, 'UNAVAILABLE', 'The service is starting or stopping'),
  reference_unavailable: passing(503, 'UNAVAILABLE', 'The document is not available now'),
  sink_unavailable: passing(503, 'UNAVAILABLE', 'The result could not be delivered'),
  deadline_exceeded: passing(504, 'DEADLINE_EXCEEDED', 'The time limit was reached'),
} satisfies Record<string, ErrorRow>

export type ErrorKind = keyof typeof errorTable
export const errorKinds = Object.keys(errorTable) as ErrorKind[]

/** Header of every error that either service answers; the gateway tells by it that the model itself wrote one. */
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

  get grpcCode(): number {
    return grpcCodes[errorTable[this.kind].grpc]
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

/** An error about one element of several, whose message tells which. */
export function atIndex(error: unknown, index: number, count: number): unknown {
  if (!(error instanceof OcrError) || count === 1) return error
  const { kind, cause, retryAfterSeconds } = error
  const message = `At index ${index} of the batch: ${error.message}`
  return new OcrError(kind, message, { cause, retryAfterSeconds })
}

/** A name that a client chose, for a message: nothing if it is too long or too strange to be said back. */
export const named = (name = ''): string => (isPlainName(name) ? ` "${name}"` : '')

export const isPlainName = (name: string): boolean => /^[\w.-]{1,40}$/.test(name)

/** @throws OcrError `invalid_request`, always */
export function invalid(message: string): never {
  throw new OcrError('invalid_request', message)
}

/** The error for a request beyond a limit of bytes. */
export const tooLarge = (limitBytes: number): OcrError =>
  new OcrError('payload_too_large', `The request has more than the ${inMiB(limitBytes)} allowed.`)

const inMiB = (bytes: number): string => `${Math.floor((bytes / 2 ** 20) * 100) / 100} MiB`
