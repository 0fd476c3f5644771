import type { OcrClient } from './client.ts'
import type { Exit } from './command/exit-codes.ts'
import type { Outcome } from './outcome.ts'
import { oneLine } from './terminal/control-characters.ts'
import type { Terminal } from './terminal/terminal.ts'

/** Longer codes stand out of their column. */
const maxColumnWidth = 40

/** Prints the languages of the gateway, a line for each. */
export async function listLanguages(
  client: OcrClient,
  { terminal, outcome, signal }: { terminal: Terminal; outcome: Outcome; signal: AbortSignal },
): Promise<Exit> {
  try {
    const { default: defaultCode, languages } = await client.languages({ signal })
    const longest = languages.reduce((length, { code }) => Math.max(length, code.length), 0)
    const width = Math.min(longest, maxColumnWidth) + 2
    const lines = languages.map(({ code, name = '' }) => {
      const note = code === defaultCode ? ' (default)' : ''
      return oneLine(`${code.padEnd(width)}${name}${note}`).trimEnd()
    })
    await terminal.print(lines.map((line) => `${line}\n`).join(''))
  } catch (error) {
    outcome.fail('languages', error)
  }
  return outcome.exit()
}
