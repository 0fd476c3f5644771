import { type Command, parseCommand } from './command/arguments.ts'
import { type Exit, Stop, UsageError } from './command/exit-codes.ts'
import { helpText } from './command/help.ts'
import { OutputError } from './files/output-error.ts'
import { gatewayAt } from './gateway.ts'
import { listLanguages } from './languages.ts'
import { createOutcome } from './outcome.ts'
import { readFiles, type Surroundings } from './read-files.ts'
import { lineOf } from './terminal/messages.ts'
import { createTerminal } from './terminal/terminal.ts'

export interface Invocation extends Surroundings {
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly version: string
}

/** Does what a command line asks for; how it ended is the exit code. */
export async function runCli(invocation: Invocation): Promise<Exit> {
  try {
    const command = parseCommand(invocation.args, invocation.environment)
    return await act(command, invocation)
  } catch (error) {
    const { reason } = invocation.stopping.signal
    if (reason instanceof Stop) return reason.exit
    if (error instanceof OutputError) {
      invocation.stderr.write(lineOf(error.label, error.message))
      return 'failed'
    }
    if (!(error instanceof UsageError)) throw error
    invocation.stderr.write(lineOf(`${error.message} Try "ocr --help".`))
    return 'usage'
  }
}

async function act(command: Command, invocation: Invocation): Promise<Exit> {
  const { stdout, stderr, stopping, version, environment } = invocation
  const terminal = createTerminal({ stdout, stderr, stopping, isQuiet: false })
  if (command.action === 'help' || command.action === 'version') {
    await terminal.print(command.action === 'help' ? helpText() : `${version}\n`)
    return 'ok'
  }
  const gateway = gatewayAt(command.url, environment['OCR_KEY'] || undefined)
  if (command.action === 'read') return readFiles(command, gateway, invocation)
  const outcome = createOutcome({ terminal, stopping, gateway })
  return listLanguages(gateway.client, { terminal, outcome, signal: stopping.signal })
}
