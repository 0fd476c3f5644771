import type { Readable, Writable } from 'node:stream'
import type { ReadCommand } from './command/arguments.ts'
import type { Exit } from './command/exit-codes.ts'
import type { Input } from './files/inputs.ts'
import { openOutputFile } from './files/output-file.ts'
import { makeOutputFolder } from './files/output-folder.ts'
import type { Output } from './files/outputs.ts'
import { type Plan, planWork } from './files/plan.ts'
import type { Gateway } from './gateway.ts'
import { createOutcome } from './outcome.ts'
import { type Reading, readFile } from './read-file.ts'
import { createPrintedOutputs } from './terminal/printed-outputs.ts'
import { createProgress } from './terminal/progress.ts'
import { createTerminal, type Terminal } from './terminal/terminal.ts'

/** What the process has around it. */
export interface Surroundings {
  readonly stdin: Readable & { isTTY?: boolean }
  readonly stdout: Writable & { isTTY?: boolean }
  readonly stderr: Writable & { isTTY?: boolean }
  /** Ends everything when it is aborted; the reason is a `Stop`. */
  readonly stopping: AbortController
}

/**
 * Reads all files of a command, some of them at once, and writes what they hold.
 * @throws UsageError, OutputError before anything is sent
 */
export async function readFiles(
  command: ReadCommand,
  gateway: Gateway,
  { stdin, stdout, stderr, stopping }: Surroundings,
): Promise<Exit> {
  const { isQuiet, format, jobs, writing } = command
  const plan = await planWork(command, { stdin, stdout })
  if (writing?.folder !== undefined && plan.inputs.length > 0) {
    await makeOutputFolder(writing.folder)
  }
  const isByPage = format === 'text' || format === 'ndjson'
  const progress = createProgress({
    stream: stderr,
    isQuiet,
    files: plan.inputs.length,
    unit: isByPage ? 'pages' : 'files',
  })
  const terminal = createTerminal({ stdout, stderr, isQuiet, stopping, progress })
  const outcome = createOutcome({ terminal, stopping, gateway })
  for (const { label, reason } of plan.missing) outcome.fail(label, new Error(reason))
  for (const { label, target } of plan.skipped) {
    terminal.note(label, `skipped, since ${target} is there already`)
  }

  const { signal } = stopping
  const openOutput = createOpenOutput(command, plan, terminal)
  const { client } = gateway
  const isNamed = plan.targets === undefined && plan.inputs.length > 1
  const common = { command, client, stdin, terminal, outcome, signal }
  const reading: Reading = { ...common, isNamed, openOutput }
  const queue = plan.inputs.values()
  const work = async () => {
    for (const input of queue) {
      if (!signal.aborted) await readFile(input, progress.file(), reading)
    }
  }
  await Promise.all(Array.from({ length: jobs }, work))
  progress.stop()
  return outcome.exit()
}

function createOpenOutput(
  { format, isQuiet, writing }: ReadCommand,
  { inputs, targets }: Plan,
  terminal: Terminal,
): (input: Input) => Output | Promise<Output> {
  const hasHeaders = format === 'text' && inputs.length > 1 && !isQuiet
  const openPrinted = createPrintedOutputs(terminal.print, { hasHeaders })
  return (input) => {
    const target = targets?.get(input)
    return target === undefined
      ? openPrinted(input.label)
      : openOutputFile(target, { isForced: writing?.isForced ?? false })
  }
}
