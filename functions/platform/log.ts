import { AsyncLocalStorage } from 'node:async_hooks'
import { destination, type Logger, pino, stdTimeFunctions } from 'pino'
import type { OcrError } from '../contract/errors.ts'

export type Log = Logger

const requestIds = new AsyncLocalStorage<string>()

/** Does the work on a request: every line of the log that it leads to has the request's id. */
export const inRequest = <T>(requestId: string, work: () => T): T => requestIds.run(requestId, work)

/** A log of one JSON object per line on standard output, each line with the service's name. */
export function createLog(options: { service: string; level: string }): Log {
  return pino(
    {
      level: options.level,
      base: { service: options.service },
      timestamp: stdTimeFunctions.isoTime,
      mixin: () => ({ requestId: requestIds.getStore() }),
      formatters: { level: (label) => ({ level: label }) },
    },
    // Said to be synchronous, it does not flush at the exit, which never ends when the reader has gone.
    destination({ dest: 1, sync: true }),
  )
}

/** Writes why a request failed. An error without a cause says it all by its kind, which the access log has. */
export function logFailure(log: Log, requestId: string, error: OcrError): void {
  const level = error.status >= 500 ? 'error' : 'debug'
  if (error.cause) log[level]({ requestId, kind: error.kind, err: error }, 'request failed')
}
