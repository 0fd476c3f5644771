import { answerError, OcrApiError } from './api-error.ts'
import { connectionError, timedOut } from './connection-error.ts'
import { createRequests, type Question, requireFile } from './request.ts'
import { type Retry, withRetries } from './retry.ts'

/** How the caller of a method has a hold on it. */
export interface CallControl {
  /** Ends the call, which then throws the reason. */
  signal?: AbortSignal | undefined
  /** Is told before the call is made again. */
  onRetry?: ((retry: Retry) => void) | undefined
}

export interface Connection {
  readonly url: string | URL
  readonly key?: string | undefined
  readonly fetch: typeof globalThis.fetch
  /** How often a call is made again. */
  readonly retries: number
  /** Of one call with all of its attempts and its answer. */
  readonly timeoutMs: number
}

type Reader<T> = (response: Response) => Promise<T>

/** One call, which may be several requests. */
export interface Call {
  /**
   * Sends requests until one is answered well, and reads its answer.
   * @throws TypeError for what is no file
   */
  ask<T>(question: Question, read: Reader<T>): Promise<T>
  /** What a failure while the answer is read means. */
  explain(error: unknown): unknown
}

/** Makes the beginning of each call: its URL, its key, its time limit. */
export function createExchange(connection: Connection): (control: CallControl) => Call {
  const { timeoutMs } = connection
  const requests = createRequests(connection)

  return ({ signal: callers, onRetry }) => {
    const timeout = AbortSignal.timeout(timeoutMs)
    const endsAt = performance.now() + timeoutMs
    const signal = callers ? AbortSignal.any([callers, timeout]) : timeout

    const explain = (error: unknown, isAnswered = true): unknown => {
      if (error instanceof OcrApiError) return error
      if (callers?.aborted) return callers.reason
      if (timeout.aborted) return timedOut(timeoutMs, error)
      return connectionError(error, { origin: requests.origin, isAnswered })
    }
    const attempt = async <T>(question: Question, read: Reader<T>): Promise<T> => {
      let response: Response | undefined
      try {
        response = await connection.fetch(requests.urlOf(question), {
          ...requests.initOf(question),
          signal,
        })
        if (!response.ok) throw await answerError(response)
        return await read(response)
      } catch (error) {
        throw explain(error, response !== undefined)
      }
    }
    const ask: Call['ask'] = async (question, read) => {
      requireFile(question)
      const retries = question.file instanceof ReadableStream ? 0 : connection.retries
      try {
        const limits = { retries, signal, endsAt, onRetry }
        return await withRetries(() => attempt(question, read), limits)
      } catch (error) {
        // The wait between two attempts throws the signal's reason as it is.
        throw signal.aborted ? explain(error) : error
      }
    }
    return { ask, explain }
  }
}
