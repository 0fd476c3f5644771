import { join, parse } from 'node:path'
import { answerFormats, type Format } from '../../functions/contract/answer-formats.ts'
import { UsageError } from '../command/exit-codes.ts'
import type { Input } from './inputs.ts'

/** Where the result of one file goes, in pieces. */
export interface Output extends AsyncDisposable {
  write(chunk: string | Uint8Array): Promise<void>
  /** Makes it valid: one that is disposed of before leaves nothing behind. */
  finish(): Promise<void>
}

interface Naming {
  readonly format: Format
  /** Undefined for beside the input. */
  readonly folder: string | undefined
}

/** A PDF that is made must not take the name of one that is read. */
const endingOf = (format: Format): string =>
  `${format === 'pdf' ? '.ocr' : ''}${answerFormats[format].extension}`

/**
 * The file that each input's result is written to.
 * @throws UsageError when two would be the same, or one has no name
 */
export function planTargets(inputs: readonly Input[], naming: Naming): Map<Input, string> {
  const targets = new Map(inputs.map((input) => [input, targetOf(input, naming)]))
  const inputOf = new Map<string, Input>()
  for (const [input, target] of targets) {
    const other = inputOf.get(target)
    if (other) {
      throw new UsageError(`${other.label} and ${input.label} would both be written to ${target}.`)
    }
    inputOf.set(target, input)
  }
  return targets
}

function targetOf({ path, relativePath }: Input, { format, folder }: Naming): string {
  if (path === undefined) throw new UsageError('The standard input has no name to write to.')
  // A pattern like {../a,../b}/* finds files that are not below one folder.
  const below = relativePath.replace(/^(?:\.\.\/)+/, '')
  const { dir, name } = parse(folder === undefined ? path : join(folder, below))
  return join(dir, `${name}${endingOf(format)}`)
}
