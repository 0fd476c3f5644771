import { Agent, type Dispatcher, request } from 'undici'
import type { Answer, Outcome } from '../recording.ts'

export interface Target {
  /** Where images are posted. */
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly image: Buffer
  /** For one request, from its first byte to the last of its answer. */
  readonly timeoutMs: number
}

/** Asks one thing again and again. */
export interface Client extends AsyncDisposable {
  /**
   * Sends one request; never rejects.
   * @returns undefined if the signal was aborted before it had ended
   */
  ask(): Promise<Answer | undefined>
}

/** @param clock seconds from the begin of the recording */
export function createClient(target: Target, clock: () => number, signal: AbortSignal): Client {
  // A connection for each request, as from as many callers, so that none is tied to a pod that ends.
  const limits = { connectTimeout: target.timeoutMs, headersTimeout: 0, bodyTimeout: 0 }
  const dispatcher = new Agent({ pipelining: 0, ...limits })
  return {
    async ask() {
      const sentAt = clock()
      const ended = await endOf(target, dispatcher, signal)
      if (signal.aborted) return undefined
      return { sentAt, seconds: clock() - sentAt, ...ended }
    },
    [Symbol.asyncDispose]: () => dispatcher.destroy(),
  }
}

type End = Pick<Answer, 'outcome' | 'why'>

async function endOf(target: Target, dispatcher: Dispatcher, signal: AbortSignal): Promise<End> {
  const { url, headers, image, timeoutMs } = target
  const timeout = AbortSignal.timeout(timeoutMs)
  const limit = AbortSignal.any([signal, timeout])
  try {
    const options = { method: 'POST', headers, body: image, dispatcher, signal: limit } as const
    const { statusCode, headers: answered, body } = await request(url, options)
    // Only an answer that has come whole is one; what it says is not needed.
    for await (const _ of body);
    const outcome = outcomeOf(statusCode, answered['retry-after'] !== undefined)
    return outcome === 'failed' ? { outcome, why: `status ${statusCode}` } : { outcome }
  } catch (error) {
    return { outcome: 'failed', why: timeout.aborted ? 'no answer in time' : codeOf(error) }
  }
}

function outcomeOf(status: number, tellsWhenToComeAgain: boolean): Outcome {
  if (status === 200) return 'read'
  const isBusy = status === 429 || status === 503
  return isBusy && tellsWhenToComeAgain ? 'refused' : 'failed'
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
