#!/usr/bin/env node
import packageJson from '../package.json' with { type: 'json' }
import { runCli } from './cli.ts'
import { exitCodes, Stop } from './command/exit-codes.ts'

const stopping = new AbortController()
const exitOf = { SIGINT: 'interrupted', SIGTERM: 'terminated', SIGHUP: 'hungUp' } as const
/** npm passes on the Ctrl-C that we have from the terminal as well; a signal after that ends what hangs. */
const signalsIgnoredMs = 1_000
for (const [signal, exit] of Object.entries(exitOf)) {
  process.on(signal, () => {
    stopping.abort(new Stop(exit))
    setTimeout(letSignalsKill, signalsIgnoredMs).unref()
  })
}
function letSignalsKill() {
  for (const signal of Object.keys(exitOf)) process.removeAllListeners(signal)
}
// Who writes is told as well; without a listener the process would end with a stack.
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})

const { stdin, stdout, stderr } = process
const exit = await runCli({
  args: process.argv.slice(2),
  environment: process.env,
  version: packageJson.version,
  ...{ stdin, stdout, stderr, stopping },
})
process.exitCode = exitCodes[exit].code
