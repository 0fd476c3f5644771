import { join, parse, resolve } from 'node:path'
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
  readonly keepsExtension?: boolean
}

/** A PDF that is made must not take the name of one that is read. */
const endingOf = (format: Format): string =>
  `${format === 'pdf' ? '.ocr' : ''}${answerFormats[format].extension}`

/**
 * The file that each input's result is written to. Its name has the input's extension in it where it would be that of
 * another one otherwise.
 * @throws UsageError when two would still be the same, one has no name, or one is an input
 */
export function planTargets(inputs: readonly Input[], naming: Naming): Map<Input, string> {
  const shared = repeatedIn(inputs.map((input) => targetOf(input, naming)))
  const targets = new Map(
    inputs.map((input) => {
      const target = targetOf(input, naming)
      const isShared = shared.has(target)
      return [input, isShared ? targetOf(input, { ...naming, keepsExtension: true }) : target]
    }),
  )
  const paths = new Set(inputs.map(({ path = '' }) => resolve(path)))
  const inputOf = new Map<string, Input>()
  for (const [input, target] of targets) {
    if (paths.has(resolve(target))) {
      throw new UsageError(`${target} would be overwritten, which is to be read.`)
    }
    const other = inputOf.get(target)
    if (other) {
      throw new UsageError(`${other.label} and ${input.label} would both be written to ${target}.`)
    }
    inputOf.set(target, input)
  }
  return targets
}

function repeatedIn(values: readonly string[]): ReadonlySet<string> {
  const [once, again] = [new Set<string>(), new Set<string>()]
  for (const value of values) (once.has(value) ? again : once).add(value)
  return again
}

function targetOf({ path, relativePath }: Input, naming: Naming): string {
  if (path === undefined) throw new UsageError('The standard input has no name to write to.')
  const { format, folder, keepsExtension = false } = naming
  // A pattern like {../a,../b}/* finds files that are not below one folder.
  const below = relativePath.replace(/^(?:\.\.\/)+/, '')
  const { dir, name, base } = parse(folder === undefined ? path : join(folder, below))
  return join(dir, `${keepsExtension ? base : name}${endingOf(format)}`)
}
