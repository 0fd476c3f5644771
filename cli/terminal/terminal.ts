import type { Writable } from 'node:stream'
import { Stop } from '../command/exit-codes.ts'
import { harmless } from './control-characters.ts'
import { lineOf, systemMessageOf } from './messages.ts'
import type { Progress } from './progress.ts'

/** The two outputs of the process, and the progress bar that may stand in one of them. */
export interface Terminal {
  /** Writes results. */
  print(chunk: string | Uint8Array): Promise<void>
  /** Tells an error. */
  complain(...parts: string[]): void
  /** Tells what may be of interest. */
  note(...parts: string[]): void
}

interface TerminalOptions {
  readonly stdout: Writable & { isTTY?: boolean }
  readonly stderr: Writable
  readonly isQuiet: boolean
  /** Is aborted when results cannot be printed any more; after that there are no notes. */
  readonly stopping: AbortController
  readonly progress?: Progress
}

export function createTerminal(options: TerminalOptions): Terminal {
  const { stdout, stderr, isQuiet, stopping, progress } = options
  const aside = (work: () => void) => (progress ? progress.aside(work) : work())
  const complain = (...parts: string[]) => aside(() => stderr.write(lineOf(...parts)))
  const giveUp = (error: Error) => {
    if (stopping.signal.aborted) return
    // Of a reader that has enough, such as head.
    const isClosed = 'code' in error && error.code === 'EPIPE'
    if (!isClosed) complain('standard output', systemMessageOf(error))
    stopping.abort(new Stop(isClosed ? 'ok' : 'failed'))
  }
  return {
    complain,
    note: (...parts) => {
      if (!isQuiet && !stopping.signal.aborted) complain(...parts)
    },
    print: (chunk) =>
      new Promise((resolve, reject) => {
        const write = () =>
          stdout.write(stdout.isTTY ? forTerminal(chunk) : chunk, (error) => {
            if (!error) return resolve()
            giveUp(error)
            reject(error)
          })
        if (stdout.isTTY) aside(write)
        else write()
      }),
  }
}

/** A whole line, since the progress bar takes the one that follows. Bytes are never for a terminal. */
function forTerminal(chunk: string | Uint8Array): string | Uint8Array {
  if (typeof chunk !== 'string') return chunk
  const isWhole = chunk === '' || chunk.endsWith('\n')
  return harmless(isWhole ? chunk : `${chunk}\n`)
}
