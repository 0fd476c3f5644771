#!/usr/bin/env node
import packageJson from '../package.json' with { type: 'json' }
import { runCli } from './cli.ts'
import { exitCodes, Stop } from './command/exit-codes.ts'

const stopping = new AbortController()
// Once: a second signal ends the process at once, should it hang.
process.once('SIGINT', () => stopping.abort(new Stop('interrupted')))
process.once('SIGTERM', () => stopping.abort(new Stop('terminated')))
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
