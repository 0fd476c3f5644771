import type { Problem } from '../../contract/answers.ts'
import type { ErrorKind } from '../../contract/errors.ts'

/** What a button under an error does. */
export type Remedy = 'again' | 'choose' | 'options' | 'key'

/** What to do next. */
export interface Step {
  readonly next: string
  readonly remedy: Remedy
}

interface FailureOptions {
  readonly title: string
  /** What is wrong, in the gateway's words where it is the one that says so. */
  readonly detail: string
  readonly code?: string | undefined
  readonly status?: number | undefined
  readonly requestId?: string | undefined
  /** Whole seconds to wait before a retry. */
  readonly retryAfterSeconds?: number | undefined
  /** Where it does not follow from the code and the status. */
  readonly step?: Step
}

/** Something that went wrong, as a person is told. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly options: FailureOptions

  constructor(options: FailureOptions, { cause }: ErrorOptions = {}) {
    super(`${options.title}. ${options.detail}`, { cause })
    this.options = options
  }
}

const otherOptions = (next: string): Step => ({ next, remedy: 'options' })
export const otherFile = (next: string): Step => ({ next, remedy: 'choose' })
const later: Step = { next: 'Wait a moment, then try again.', remedy: 'again' }

const steps: Partial<Record<ErrorKind, Step>> = {
  invalid_request: otherOptions('Change the option that is named, then read again.'),
  unknown_language: otherOptions('Choose among the languages that are installed.'),
  unauthorized: { next: 'Enter a key for this gateway.', remedy: 'key' },
  request_timeout: { next: 'The upload was too slow. Try again.', remedy: 'again' },
  payload_too_large: otherFile('Choose a smaller file: fewer pages, or a lower resolution.'),
  unsupported_media: otherFile('Choose a PNG, JPEG, WEBP, TIFF, GIF or PDF file.'),
  undecodable_image: otherFile('Save or scan it once more, and choose the new file.'),
  encrypted_document: otherFile('Save it without a password, and choose that file.'),
  image_too_large: otherFile('Choose a picture of a lower resolution.'),
  too_many_pages: otherOptions('Ask for some of its pages in the options.'),
  output_too_large: otherOptions('Ask for fewer pages at once.'),
  page_timeout: otherOptions('Read it fast, or at a lower resolution.'),
  engine_crashed: otherFile('Save it in another format or resolution, and choose that file.'),
  deadline_exceeded: otherOptions('Ask for fewer pages at once, or try again later.'),
}

/** What to do about a failure. */
export function stepFor({ code, status = 0, retryAfterSeconds, step }: FailureOptions): Step {
  if (step) return step
  const known = code !== undefined && Object.hasOwn(steps, code) && steps[code as ErrorKind]
  if (known) return known
  const isClients = status >= 400 && status < 500 && status !== 429
  if (isClients && retryAfterSeconds === undefined) {
    return otherFile('Choose another file, or change the options.')
  }
  return later
}

/** A failure out of an answer that is none of success. */
export async function failureOf(response: Response): Promise<Failure> {
  const retryAfterSeconds = secondsOf(response.headers.get('retry-after'))
  const status = response.status
  try {
    const value: unknown = await response.json()
    if (isProblem(value)) return failureOfProblem(value, retryAfterSeconds)
  } catch {
    // What is no problem+json is told below, by its status.
  }
  const detail = `The server answered with the status ${status}.`
  return new Failure({
    title: 'The gateway did not answer as usual',
    detail,
    status,
    retryAfterSeconds,
  })
}

export function failureOfProblem(problem: Problem, retryAfterSeconds?: number): Failure {
  const { title, detail, code, status, requestId } = problem
  return new Failure({ title, detail, code, status, requestId, retryAfterSeconds })
}

/** Anything thrown, as a failure; `fetch` tells no more than that it did not work. */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown
  const title = 'The gateway cannot be reached'
  const detail = 'The connection failed, or was cut off while the document was read.'
  return new Failure({ title, detail }, { cause: thrown })
}

const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' &&
  value !== null &&
  ['title', 'detail', 'code'].every((name) => typeof Reflect.get(value, name) === 'string')

/** A date is not what our gateway sends. */
const secondsOf = (header: string | null): number | undefined =>
  header !== null && /^\d{1,6}$/.test(header) ? Number(header) : undefined
