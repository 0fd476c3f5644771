import { OcrApiError } from './client.ts'
import { type Exit, Stop } from './command/exit-codes.ts'
import { OutputError } from './files/output-error.ts'
import type { Gateway } from './gateway.ts'
import { messageOf } from './terminal/messages.ts'
import type { Terminal } from './terminal/terminal.ts'

/** What has become of the files. */
export interface Outcome {
  /** Tells why a file was not read; gives all others up when they would fail for the same reason. */
  fail(label: string, error: unknown): void
  exit(): Exit
}

interface OutcomeOptions {
  readonly terminal: Terminal
  readonly stopping: AbortController
  readonly gateway: Omit<Gateway, 'client'>
}

export function createOutcome({ terminal, stopping, gateway }: OutcomeOptions): Outcome {
  let hasFailed = false
  return {
    fail(label, error) {
      hasFailed = true
      // Only the first one is told of those that end together.
      if (stopping.signal.aborted) return
      const hopeless = error instanceof OcrApiError ? hopelessnessOf(error, gateway) : undefined
      if (hopeless) {
        terminal.complain(hopeless.message)
        stopping.abort(new Stop(hopeless.exit))
      } else {
        terminal.complain(error instanceof OutputError ? error.label : label, messageOf(error))
      }
    },
    exit() {
      const { reason } = stopping.signal
      if (reason instanceof Stop) return reason.exit
      return hasFailed ? 'failed' : 'ok'
    },
  }
}

/** Of failures that every file would have. */
function hopelessnessOf(
  { code, message, status }: OcrApiError,
  { url, hasKey }: OutcomeOptions['gateway'],
): { exit: Exit; message: string } | undefined {
  if (code === 'unreachable') {
    const advice = 'Is the gateway running? --url or OCR_URL names another.'
    return { exit: 'unreachable', message: `${message} ${advice}` }
  }
  if (status !== 401) return undefined
  const problem = hasKey
    ? 'does not accept the key in OCR_KEY; is it complete and still in use?'
    : 'asks for a key; put it into OCR_KEY'
  return { exit: 'failed', message: `${url} ${problem} (${code})` }
}
