import { type Admission, createAdmission } from '../../platform/admission.ts'

interface ConcurrencyLimit {
  /**
   * A place for one request of a caller; dispose of it when the request ends.
   * @throws OcrError `rate_limited` with `retryAfterSeconds`
   */
  enter(caller: string): Disposable
  /** Callers that have a request under way. */
  readonly callers: number
}

/** Limits the requests that each caller has under way; a caller without any takes no memory. */
export function createConcurrencyLimit({ limit }: { limit: number }): ConcurrencyLimit {
  const admissions = new Map<string, Admission>()
  const message = `More than ${limit} requests at once are not allowed; wait until one is answered.`
  const refusal = { kind: 'rate_limited', message } as const

  return {
    get callers() {
      return admissions.size
    },
    enter(caller) {
      const admission = admissions.get(caller) ?? createAdmission({ limit, refusal })
      const place = admission.admit()
      admissions.set(caller, admission)
      return {
        [Symbol.dispose]() {
          place[Symbol.dispose]()
          const isIdle = admission.admitted === 0 && admissions.get(caller) === admission
          if (isIdle) admissions.delete(caller)
        },
      }
    },
  }
}
