import { destination, type Logger, pino, stdTimeFunctions } from 'pino'
import type { OcrError } from '../contract/errors.ts'

export type Log = Logger

/** A log of one JSON object per line on standard output, each line with the service's name. */
export function createLog(options: { service: string; level: string }): Log {
  return pino(
    {
      level: options.level,
      base: { service: options.service },
      timestamp: stdTimeFunctions.isoTime,
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
