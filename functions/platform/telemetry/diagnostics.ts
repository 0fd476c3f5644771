import { DiagLogLevel, diag } from '@opentelemetry/api'
import { setGlobalErrorHandler } from '@opentelemetry/core'
import type { Log } from '../log.ts'

/** Has what OpenTelemetry complains of in our log: a receiver that is not there, a variable that it cannot use. */
export function logDiagnostics(log: Pick<Log, 'warn'>): void {
  const warn = (message: string) => log.warn({ detail: message }, 'telemetry')
  const ignore = () => undefined
  const logger = { error: warn, warn, info: ignore, debug: ignore, verbose: ignore }
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true })
  setGlobalErrorHandler((err) => log.warn({ err }, 'telemetry'))
}
