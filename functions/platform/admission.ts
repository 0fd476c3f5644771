import { type ErrorKind, OcrError } from '../contract/errors.ts'

export interface Admission {
  /**
   * A place for one request; dispose of it when the request ends.
   * @throws OcrError `overloaded`, or what the refusal says, with `retryAfterSeconds` when all places are taken
   */
  admit(): Disposable
  /**
   * Takes no place: for requests whose body is read before they need one.
   * @throws OcrError as {@link admit} does, when it would refuse now
   */
  requireRoom(): void
  /** Requests that hold a place. */
  readonly admitted: number
  /** Places there are. */
  readonly limit: number
}

interface AdmissionOptions {
  readonly limit: number
  /** How it is told that all places are taken. */
  readonly refusal?: { readonly kind: ErrorKind; readonly message: string }
  readonly now?: () => number
}

const busy = {
  kind: 'overloaded',
  message: 'The service is busy; send the request again later.',
} as const

/**
 * Bounds the requests that are worked on at once; it is asked before a body is read. How long a refused
 * caller should wait is estimated from how long requests lately took.
 */
export function createAdmission(options: AdmissionOptions): Admission {
  const { limit, refusal = busy, now = performance.now.bind(performance) } = options
  let admitted = 0
  let meanMs = 1000

  const requireRoom = () => {
    if (admitted < limit) return
    throw new OcrError(refusal.kind, refusal.message, {
      retryAfterSeconds: Math.max(1, Math.ceil(meanMs / 1000)),
    })
  }

  return {
    limit,
    get admitted() {
      return admitted
    },
    requireRoom,
    admit() {
      requireRoom()
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
