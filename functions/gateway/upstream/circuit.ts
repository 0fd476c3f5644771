import {
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  DelegateBackoff,
  handleWhen,
  type IHalfOpenAfterBackoffContext,
} from 'cockatiel'
import { type ErrorKind, OcrError } from '../../contract/errors.ts'
import type { Log } from '../../platform/log.ts'

interface CircuitOptions {
  /** Calls in a row that find no model. */
  readonly failures: number
  /** How long calls are refused before one tries the model again. */
  readonly openMs: number
  /** How long that one may keep the others waiting for what it finds. */
  readonly trialMs: number
  readonly log: Pick<Log, 'info' | 'warn'>
}

export interface Circuit {
  /**
   * Makes a call unless the model is known not to be there.
   * @param signal of the call; one that ended by it says nothing of the model
   * @throws OcrError `model_unavailable` at once with `retryAfterSeconds`; or what the call throws
   */
  run<T>(signal: AbortSignal, call: () => Promise<T>): Promise<T>
  /** Whether calls are refused. */
  readonly isOpen: boolean
  readonly state: StateOfCircuit
}

/** half_open: the next call tries the model again, or one does. */
export type StateOfCircuit = 'closed' | 'half_open' | 'open'

/** The model is not there. */
const absent: ReadonlySet<ErrorKind> = new Set([
  'model_unavailable',
  'bad_upstream',
  'engine_unavailable',
  'not_ready',
])

/** No failure, since a start from zero is slow and not dead; and no success. */
const neither: ReadonlySet<ErrorKind> = new Set(['deadline_exceeded', 'overloaded'])

/** A call whose end says nothing of the model. */
class NotCounted extends Error {}

/** Such a call when it was to find the model: the next one is to try in its place. */
class UndecidedTrial extends Error {}

/** A circuit breaker whose half-open state lets one call through and refuses the others. */
export function createCircuit({ failures, openMs, trialMs, log }: CircuitOptions): Circuit {
  const halfOpenAfter = new DelegateBackoff(({ result }: IHalfOpenAfterBackoffContext) =>
    'error' in result && result.error instanceof UndecidedTrial ? 0 : openMs,
  )
  const breaker = new ConsecutiveBreaker(failures)
  const policy = circuitBreaker(handleWhen(isCounted), { breaker, halfOpenAfter })
  let halfOpenAt = 0
  let isKnownAbsent = false
  policy.onBreak((reason) => {
    halfOpenAt = performance.now() + openMs
    // A trial that fails opens the circuit again, which is no news.
    if (isKnownAbsent) return
    isKnownAbsent = true
    const err = 'error' in reason ? reason.error : undefined
    log.warn({ err }, 'the model is not there: calls are refused until one finds it')
  })
  policy.onReset(() => {
    isKnownAbsent = false
    log.info('the model is there again')
  })

  return {
    get isOpen() {
      return policy.state === CircuitState.Open
    },
    get state() {
      if (policy.state === CircuitState.Closed) return 'closed'
      // The library finds only by the next call that it has been open for long enough.
      const isRefusing = policy.state === CircuitState.Open && performance.now() < halfOpenAt
      return isRefusing ? 'open' : 'half_open'
    },
    async run(signal, call) {
      // The library would have it wait for the trial, and not let go when it is aborted.
      if (policy.state === CircuitState.HalfOpen) throw refusal(halfOpenAt)
      const isTrial = policy.state === CircuitState.Open
      let answer: ReturnType<typeof call> | undefined
      const judging = policy.execute(() => {
        answer = call()
        const verdict = judge(answer, { signal, isTrial })
        return isTrial ? atMost(trialMs, verdict) : verdict
      })
      // What the call throws is told by the answer below.
      await judging.catch(() => undefined)
      if (!answer) throw refusal(halfOpenAt)
      return answer
    },
  }
}

function refusal(untilMs: number): OcrError {
  const retryAfterSeconds = Math.max(1, Math.ceil((untilMs - performance.now()) / 1_000))
  const message = 'The model cannot be reached; send the request again later.'
  return new OcrError('model_unavailable', message, { retryAfterSeconds })
}

const isCounted = (error: unknown): boolean => !(error instanceof NotCounted)

interface Circumstances {
  readonly signal: AbortSignal
  readonly isTrial: boolean
}

/** Resolves if the call has shown that the model is there, whatever else it threw. */
async function judge(answer: Promise<unknown>, { signal, isTrial }: Circumstances): Promise<void> {
  try {
    await answer
  } catch (error) {
    if (signal.aborted || !(error instanceof OcrError)) {
      throw isTrial ? new UndecidedTrial() : new NotCounted()
    }
    if (neither.has(error.kind)) throw new NotCounted()
    if (absent.has(error.kind)) throw error
  }
}

/** Resolves in time: a model that has not refused by then is slow, and slow is there. */
async function atMost(ms: number, work: Promise<void>): Promise<void> {
  const passed = Promise.withResolvers<void>()
  const timeout = setTimeout(passed.resolve, ms)
  try {
    await Promise.race([work, passed.promise])
  } finally {
    clearTimeout(timeout)
  }
}
