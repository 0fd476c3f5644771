import type { Readable } from 'node:stream'
import type { OcrClient, Retry } from './client.ts'
import type { ReadCommand } from './command/arguments.ts'
import type { Input } from './files/inputs.ts'
import type { Output } from './files/outputs.ts'
import { readFileBytes, readStreamBytes } from './files/read-bytes.ts'
import type { Outcome } from './outcome.ts'
import type { FileProgress } from './terminal/progress.ts'
import type { Terminal } from './terminal/terminal.ts'
import { type Listener, transcribe } from './transcribe.ts'

export interface Reading {
  readonly command: ReadCommand
  readonly client: OcrClient
  readonly stdin: Readable
  readonly terminal: Terminal
  readonly outcome: Outcome
  readonly signal: AbortSignal
  /** Whether what is made of a file is to say which one it is of. */
  readonly isNamed: boolean
  openOutput(input: Input): Output | Promise<Output>
}

/** Reads one file from its bytes to its output. What goes wrong is told to the outcome. */
export async function readFile(
  input: Input,
  progress: FileProgress,
  reading: Reading,
): Promise<void> {
  const { client, outcome, signal, terminal, isNamed } = reading
  const { options, format, detail } = reading.command
  const name = isNamed ? input.label : undefined
  const request = { options, format, detail, name, signal, onRetry: noteOf(input, terminal) }
  try {
    await using output = await reading.openOutput(input)
    const file = await bytesOf(input, reading)
    const chunks = transcribe(client, file, request, listenerOf(input, progress, reading))
    for await (const chunk of chunks) await output.write(chunk)
    await output.finish()
  } catch (error) {
    outcome.fail(input.label, error)
  } finally {
    progress.finish()
  }
}

const bytesOf = ({ path }: Input, { stdin, signal }: Reading): Promise<Uint8Array> =>
  path === undefined ? readStreamBytes(stdin, { signal }) : readFileBytes(path, { signal })

const listenerOf = (
  { label }: Input,
  progress: FileProgress,
  { outcome, terminal }: Reading,
): Listener => ({
  onProgress: progress.update,
  onPageError: (page, { code, message }) =>
    outcome.fail(`${label}: page ${page}`, new Error(`${message} (${code})`)),
  onIncomplete: () =>
    outcome.fail(label, new Error('Not every page could be read; --format json tells which.')),
  onWarning: (page, message) => terminal.note(label, `page ${page}`, message),
})

const noteOf =
  ({ label }: Input, terminal: Terminal) =>
  ({ error, waitMs }: Retry): void => {
    const seconds = (waitMs / 1_000).toFixed(1)
    terminal.note(label, `${error.message.replace(/\.$/, '')}; trying again in ${seconds} s`)
  }
