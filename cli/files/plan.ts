import type { Format } from '../../functions/contract/answer-formats.ts'
import type { ReadCommand } from '../command/arguments.ts'
import { UsageError } from '../command/exit-codes.ts'
import { findInputs, type Input, type Missing, standardInput } from './inputs.ts'
import { isThere } from './output-file.ts'
import { planTargets } from './outputs.ts'

/** What is to be read, and where each result goes. */
export interface Plan {
  readonly inputs: readonly Input[]
  readonly missing: readonly Missing[]
  /** Undefined when everything is printed. */
  readonly targets: ReadonlyMap<Input, string> | undefined
  /** Inputs that are left out, since the file for them is there already. */
  readonly skipped: readonly Skipped[]
}

interface Skipped {
  readonly label: string
  readonly target: string
}

interface Terminals {
  readonly stdin: { readonly isTTY?: boolean }
  readonly stdout: { readonly isTTY?: boolean }
}

/** Formats of which several may follow each other in one stream. */
const streamable: ReadonlySet<Format> = new Set(['text', 'json', 'ndjson'])

/** @throws UsageError when the command does not fit what it finds */
export async function planWork(command: ReadCommand, terminals: Terminals): Promise<Plan> {
  const { inputs, missing } = await findInputs(filesOf(command, terminals.stdin), command)
  const { format, writing } = command
  if (writing) {
    const targets = planTargets(inputs, { format, folder: writing.folder })
    const skipped = writing.isSkipping ? await takeExisting(targets) : []
    return { inputs: [...targets.keys()], missing, targets, skipped }
  }
  if (inputs.length > 1 && !streamable.has(format)) {
    throw new UsageError(`Several files in ${format} need --write or --output-dir.`)
  }
  if (format === 'pdf' && terminals.stdout.isTTY) {
    throw new UsageError('A PDF is not for a terminal; use --write, or > and the name of a file.')
  }
  return { inputs, missing, targets: undefined, skipped: [] }
}

/** Takes those out of the map whose file is there. */
async function takeExisting(targets: Map<Input, string>): Promise<Skipped[]> {
  const skipped: Skipped[] = []
  for (const [input, target] of targets) {
    if (!(await isThere(target))) continue
    targets.delete(input)
    skipped.push({ label: input.label, target })
  }
  return skipped
}

function filesOf({ files }: ReadCommand, stdin: Terminals['stdin']): readonly string[] {
  if (files.filter((file) => file === standardInput).length > 1) {
    throw new UsageError('The standard input can be read once.')
  }
  if (files.length > 0) return files
  if (stdin.isTTY) throw new UsageError('Name a file, or "-" for the standard input.')
  return [standardInput]
}
