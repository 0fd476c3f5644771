import { OcrApiError } from './api-error.ts'

export const timedOut = (timeoutMs: number, cause: unknown): OcrApiError =>
  new OcrApiError('timed_out', `There was no whole answer within ${timeoutMs / 1_000} s.`, {
    cause,
  })

/** Failures of a connection that had been made. */
const lostCodes = /^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET|UND_ERR_(?:HEADERS|BODY)_TIMEOUT)$/

/** What a failure of `fetch`, or of reading its answer, means. */
export function connectionError(
  cause: unknown,
  { origin, isAnswered }: { origin: string; isAnswered: boolean },
): OcrApiError {
  const code = codeOf(cause)
  const why = code === undefined ? '' : ` (${code})`
  return isAnswered || (code !== undefined && lostCodes.test(code))
    ? new OcrApiError('connection_lost', `The connection to ${origin} was lost${why}.`, { cause })
    : new OcrApiError('unreachable', `${origin} cannot be reached${why}.`, { cause })
}

/** The code of the system's error, which Node puts into the cause of the one that it throws. */
function codeOf(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined
  const isCoded = cause instanceof Error && 'code' in cause && typeof cause.code === 'string'
  return isCoded ? String(cause.code) : undefined
}
