import type { Problem } from '../../functions/contract/answers.ts'
import type { ErrorKind } from '../../functions/contract/errors.ts'
import { problemShape } from './answer-shapes.ts'
import { readBounded } from './bounded-body.ts'

interface OcrApiErrorOptions extends ErrorOptions {
  /** Short and constant for a code; what the gateway calls the `title` of a problem. */
  title?: string | undefined
  status?: number | undefined
  requestId?: string | undefined
  retryAfterSeconds?: number | undefined
}

/** Codes of failures that are not told by the gateway, but seen on the way to it. */
export type ClientErrorCode =
  | 'unreachable'
  | 'connection_lost'
  | 'timed_out'
  | 'unexpected_answer'
  | 'incomplete_answer'

/** Also one that a newer gateway has. */
export type ErrorCode = ErrorKind | ClientErrorCode | (string & {})

/** Why a call failed; `code` is one of the gateway's or a {@link ClientErrorCode}. */
export class OcrApiError extends Error {
  override readonly name = 'OcrApiError'
  readonly code: ErrorCode
  /** What is wrong and what to change; the message as well, since the title says less of the same. */
  readonly detail: string
  readonly title: string | undefined
  /** HTTP status; undefined when there was no answer. */
  readonly status: number | undefined
  /** Under which the gateway's log has the call. */
  readonly requestId: string | undefined
  /** Whole seconds after which the gateway wants to be asked again. */
  readonly retryAfterSeconds: number | undefined

  constructor(code: ErrorCode, detail: string, options: OcrApiErrorOptions = {}) {
    super(detail, options)
    this.code = code
    this.detail = detail
    this.title = options.title
    this.status = options.status
    this.requestId = options.requestId
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}

/** A problem is a few hundred bytes; a body with more than this is not the gateway's. */
const maxProblemBytes = 64 * 2 ** 10

/** What is needed of a problem, for one of something else on the way. */
type ToldProblem = Pick<Problem, 'code' | 'detail'> & Partial<Problem>

/** The error that a problem of the gateway tells. */
export const problemError = (problem: ToldProblem, retryAfterSeconds?: number): OcrApiError => {
  const { code, detail, title, status, requestId } = problem
  return new OcrApiError(code, detail, { title, status, requestId, retryAfterSeconds })
}

/** The error that an answer with no 2xx status tells; one of something else on the way has no code of the gateway. */
export async function answerError(response: Response): Promise<OcrApiError> {
  const { status, headers } = response
  const requestId = headers.get('x-request-id') ?? undefined
  const retryAfterSeconds = parseRetryAfter(headers.get('retry-after'))
  const body = await readBounded(response, maxProblemBytes)
  const problem = body && parseProblem(new TextDecoder().decode(body))
  if (problem) return problemError({ requestId, status, ...problem }, retryAfterSeconds)
  return new OcrApiError(
    'unexpected_answer',
    `The answer is a ${status} that is not the gateway's; is the URL right?`,
    { status, requestId, retryAfterSeconds },
  )
}

/** Undefined when the text is no problem+json. */
function parseProblem(text: string): ToldProblem | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return problemShape(value) ? (value as ToldProblem) : undefined
  } catch {
    return undefined
  }
}

/** RFC 9110, 10.2.3: seconds or a date. */
export function parseRetryAfter(header: string | null, now = Date.now()): number | undefined {
  if (header === null) return undefined
  if (/^\s*\d{1,9}\s*$/.test(header)) return Number(header)
  const seconds = Math.ceil((Date.parse(header) - now) / 1_000)
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds)
}
