import { parseArgs } from 'node:util'
import { UsageError } from './exit-codes.ts'
import { type Flag, inputFlags, otherFlags, outputFlags, recognitionFlags } from './flags.ts'

const ownFlags = { ...outputFlags, ...inputFlags, ...otherFlags }
// The type of ours alone, whose values are then known by their names.
const options: typeof ownFlags = { ...recognitionFlags, ...ownFlags }
const flags: Readonly<Record<string, Flag>> = options

/**
 * The flags of a command line with their values, and what else is in it.
 * @throws UsageError for a flag that there is not, has no value or has two
 */
export function parseFlags(args: readonly string[]) {
  const parsed = parseTokens(args)
  const given = new Set<string>()
  for (const token of parsed.tokens) {
    if (token.kind !== 'option' || flags[token.name]?.type !== 'string') continue
    if (given.has(token.name)) throw new UsageError(`--${token.name} can be given only once.`)
    given.add(token.name)
  }
  return parsed
}

function parseTokens(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, tokens: true })
  } catch (error) {
    // The rest of such a message is about arguments that begin with a hyphen.
    const [message = ''] = error instanceof Error ? error.message.split(/\.(?:\s|$)/) : []
    throw new UsageError(`${message}.`)
  }
}
