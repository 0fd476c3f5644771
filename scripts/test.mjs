import { node, run, say, setup } from './setup.mjs'

/** @type {Array<[string, string, string[]]>} */
const steps = [
  ['format and lint', 'biome', ['ci', '--error-on-warnings', '.']],
  ['types', 'tsc', []],
  ['tests', node, ['--import', 'tsx', 'tests/run.ts']],
]

try {
  setup()
  for (const [name, file, args] of steps) {
    say(`\n== ${name}`)
    run(file, args)
  }
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exit(1)
}
