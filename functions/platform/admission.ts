import { OcrError } from '../contract/errors.ts'

export interface Admission {
  /**
   * A place for one request; dispose of it when the request ends.
   * @throws OcrError `overloaded` with `retryAfterSeconds` when all places are taken
   */
  admit(): Disposable
  /** Requests that hold a place. */
  readonly admitted: number
}

/**
 * Bounds the requests that are held at once, so it is asked before a body is read. How long a refused
 * caller should wait is estimated from how long requests lately took.
 */
export function createAdmission(options: { limit: number; now?: () => number }): Admission {
  const { limit, now = performance.now.bind(performance) } = options
  let admitted = 0
  let meanMs = 1000

  return {
    get admitted() {
      return admitted
    },
    admit() {
      if (admitted >= limit) {
        throw new OcrError('overloaded', 'The service is busy; send the request again later.', {
          retryAfterSeconds: Math.max(1, Math.ceil(meanMs / 1000)),
        })
      }
      admitted++
      const start = now()
      let isHeld = true
      return {
        [Symbol.dispose]() {
          if (!isHeld) return
          isHeld = false
          admitted--
          meanMs += (now() - start - meanMs) / 16
        },
      }
    },
  }
}
