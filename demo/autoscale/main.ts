import { demonstrate } from './demo.ts'
import { parseOptions, UsageError, usage } from './options.ts'

// Lets pods come and go: puts a load on a gateway, watches, and draws what was seen.

const { env: environment, stdout, stderr } = process
const args = process.argv.slice(2)
const stopping = new AbortController()
const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const
for (const [signal, code] of Object.entries(exitCodes)) {
  process.once(signal, () => {
    process.exitCode = code
    stopping.abort(new Error(`stopped by ${signal}; nothing was written`))
  })
}
// Whoever reads the output may have gone; the run goes on, and its files are what counts.
for (const output of [stdout, stderr]) output.on('error', () => undefined)

if (args.includes('--help') || args.includes('-h')) {
  console.log(usage)
} else {
  try {
    const options = parseOptions(args, environment)
    const { signal } = stopping
    if (!(await demonstrate(options, { environment, stdout, stderr, signal }))) process.exitCode = 1
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    if (error instanceof UsageError) console.error(`\n${usage}`)
    process.exitCode ??= error instanceof UsageError ? 2 : 1
  }
}
