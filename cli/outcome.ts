import { OcrApiError } from './client.ts'
import { type Exit, Stop } from './command/exit-codes.ts'
import { messageOf } from './terminal/messages.ts'
import type { Terminal } from './terminal/terminal.ts'

/** What has become of the files. */
export interface Outcome {
  /** Tells why a file was not read; gives all others up when they would fail for the same reason. */
  fail(label: string, error: unknown): void
  exit(): Exit
}

export function createOutcome(terminal: Terminal, stopping: AbortController): Outcome {
  let hasFailed = false
  return {
    fail(label, error) {
      hasFailed = true
      // Only the first one is told of those that end together.
      if (stopping.signal.aborted) return
      const hopeless = error instanceof OcrApiError ? hopelessnessOf(error) : undefined
      if (hopeless) terminal.complain(`${messageOf(error)} ${hopeless.advice}`)
      else terminal.complain(label, messageOf(error))
      if (hopeless) stopping.abort(new Stop(hopeless.exit))
    },
    exit() {
      const { reason } = stopping.signal
      if (reason instanceof Stop) return reason.exit
      return hasFailed ? 'failed' : 'ok'
    },
  }
}

/** Of failures that every file would have. */
function hopelessnessOf(error: OcrApiError): { exit: Exit; advice: string } | undefined {
  const { code, status } = error
  if (code === 'unreachable')
    return { exit: 'unreachable', advice: 'OCR_URL or --url names another.' }
  if (status === 401) return { exit: 'failed', advice: 'It is read from OCR_KEY.' }
  return undefined
}
