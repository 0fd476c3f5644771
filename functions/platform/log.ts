import { destination, type Logger, pino, stdTimeFunctions } from 'pino'

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
