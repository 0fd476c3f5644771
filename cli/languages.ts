import type { OcrClient } from './client.ts'
import type { Exit } from './command/exit-codes.ts'
import type { Outcome } from './outcome.ts'
import type { Terminal } from './terminal/terminal.ts'

/** Prints the languages of the gateway, a line for each. */
export async function listLanguages(
  client: OcrClient,
  { terminal, outcome, signal }: { terminal: Terminal; outcome: Outcome; signal: AbortSignal },
): Promise<Exit> {
  try {
    const { default: defaultCode, languages } = await client.languages({ signal })
    const width = Math.max(...languages.map(({ code }) => code.length)) + 2
    const lines = languages.map(({ code, name = '' }) => {
      const note = code === defaultCode ? ' (default)' : ''
      return `${code.padEnd(width)}${name}${note}`.trimEnd()
    })
    await terminal.print(lines.map((line) => `${line}\n`).join(''))
  } catch (error) {
    outcome.fail('languages', error)
  }
  return outcome.exit()
}
