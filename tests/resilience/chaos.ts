import { parseArgs } from 'node:util'
import { cutClients } from './chaos/cut-clients.ts'
import { drain } from './chaos/drain.ts'
import { hangWorker } from './chaos/hang-worker.ts'
import { killWorker } from './chaos/kill-worker.ts'
import { modelRestart } from './chaos/model-restart.ts'
import { overload } from './chaos/overload.ts'
import type { Scenario } from './chaos/scenario.ts'
import { spawnFail } from './chaos/spawn-fail.ts'
import { report } from './report.ts'

// Breaks a running service in one of several ways, and tells whether what has to hold did: chaos NAME [--short] [FLAGS].
// By the name `all` one after the other. Each prints a line of JSON. In the short form one that missed is tried once more:
// some goals are times, and few figures tell them from those of a machine that does something else meanwhile.

const scenarios: Readonly<Record<string, Scenario>> = {
  'kill-worker': killWorker,
  'hang-worker': hangWorker,
  overload,
  'cut-clients': cutClients,
  drain,
  'spawn-fail': spawnFail,
  'model-restart': modelRestart,
}

// Services and files are ended and removed at the exit.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(130))

const flags = Object.values(scenarios).flatMap((scenario) => scenario.flags)
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: 'boolean', default: false },
    ...Object.fromEntries(flags.map((name) => [name, { type: 'string' as const }])),
  },
})
const { short, ...given } = values
const names = positionals[0] === 'all' ? Object.keys(scenarios) : positionals
if (names.length === 0) throw new Error(`Name one of: all, ${Object.keys(scenarios).join(', ')}`)
const failed: string[] = []
for (const name of names) {
  const scenario = scenarios[name]
  if (!scenario) throw new Error(`There is no ${name}, but: ${Object.keys(scenarios).join(', ')}`)
  const passed = (await attempt(name, scenario)) || (short && (await attempt(name, scenario)))
  if (!passed) failed.push(name)
}
process.exitCode = failed.length > 0 ? 1 : 0

/** A scenario that breaks off has missed its goals; the next ones run all the same. */
async function attempt(name: string, scenario: Scenario): Promise<boolean> {
  const start = performance.now()
  const seconds = () => Math.round((performance.now() - start) / 1000)
  try {
    const { figures, goals } = await scenario.run(given, short ? 'short' : 'full')
    return report(`chaos ${name}`, { ...figures, seconds: seconds() }, goals)
  } catch (error) {
    console.error(error)
    return report(
      `chaos ${name}`,
      { error: String(error).split('\n')[0] ?? '', seconds: seconds() },
      { finished: false },
    )
  }
}
