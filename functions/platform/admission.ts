import { type ErrorKind, OcrError } from '../contract/errors.ts'
import { createFairShare } from './fair-share.ts'

export interface Admission {
  /**
   * A place for one request; dispose of it when the request ends.
   * @param caller whose it is; of one whose name is not given any number is admitted
   * @throws OcrError `overloaded`, or what the refusal says, with `retryAfterSeconds` when all places are taken, or
   *   as many by this caller as one may have now
   */
  admit(caller?: string): Disposable
  /**
   * Takes no place: for requests whose body is read before they need one.
   * @throws OcrError as {@link admit} does, when it would refuse now
   */
  requireRoom(caller?: string): void
  /** Requests that hold a place. */
  readonly admitted: number
  /** Places there are. */
  readonly limit: number
}

interface AdmissionOptions {
  readonly limit: number
  /** Requests of these that are worked on at once, while the others wait; all of them if it is not told. */
  readonly parallel?: number
  /** How it is told that all places are taken. */
  readonly refusal?: { readonly kind: ErrorKind; readonly message: string }
  readonly now?: () => number
}

const busy = {
  kind: 'overloaded',
  message: 'The service is busy; send the request again later.',
} as const

/** Beyond it a caller had better ask somebody else. */
const longestRetrySeconds = 60

/** Bounds the requests that are worked on at once; it is asked before a body is read. */
export function createAdmission(options: AdmissionOptions): Admission {
  const { limit, parallel = Math.max(limit, 1) } = options
  const { refusal = busy, now = performance.now.bind(performance) } = options
  const serviceTime = createServiceTime(parallel)
  const places = createFairShare(limit)

  const requireRoom = (caller?: string) => {
    if (places.allows(caller, 1)) return
    const seconds = Math.ceil(serviceTime.untilDone(places.taken) / 1000)
    throw new OcrError(refusal.kind, refusal.message, {
      retryAfterSeconds: Math.min(Math.max(seconds, 1), longestRetrySeconds),
    })
  }

  return {
    limit,
    get admitted() {
      return places.taken
    },
    requireRoom,
    admit(caller) {
      requireRoom(caller)
      places.take(caller, 1)
      const start = now()
      const { taken } = places
      let isHeld = true
      return {
        [Symbol.dispose]() {
          if (!isHeld) return
          isHeld = false
          places.take(caller, -1)
          serviceTime.measured(now() - start, taken)
        },
      }
    },
  }
}

/** A guess, until a request has been measured. */
const firstServiceMs = 1000
/** Requests over which the mean goes; the latest count most. */
const meanOver = 16

/** How long the work on a request takes lately, without the wait for others before it. */
function createServiceTime(parallel: number) {
  let meanMs = firstServiceMs
  let measurements = 0
  return {
    /** Of a request that found so many places taken, its own among them: they were worked on `parallel` at a time. */
    measured(ms: number, taken: number): void {
      measurements = Math.min(measurements + 1, meanOver)
      meanMs += ((ms * parallel) / Math.max(parallel, taken) - meanMs) / measurements
    },
    /** Milliseconds until so many requests have been worked on. */
    untilDone: (requests: number): number => (meanMs * requests) / parallel,
  }
}
