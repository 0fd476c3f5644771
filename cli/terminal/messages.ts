import { OcrApiError } from '../client/api-error.ts'
import { oneLine } from './control-characters.ts'

/** One line for people; what a file name or a server wrote into it does not steer the terminal. */
export const lineOf = (...parts: string[]): string => `${oneLine(['ocr', ...parts].join(': '))}\n`

/** Why something failed, with the gateway's code for it where there is one. */
export function messageOf(error: unknown): string {
  if (!(error instanceof OcrApiError)) return systemMessageOf(error)
  const { code, message, requestId, status } = error
  if (status === undefined) return message
  const request = status >= 500 && requestId !== undefined ? `, request ${requestId}` : ''
  return `${message} (${code}${request})`
}

/** What the system says of a path, without its code and the path. */
export function systemMessageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return /^E[A-Z0-9]+: ([^,]+)/.exec(message)?.[1] ?? message
}
