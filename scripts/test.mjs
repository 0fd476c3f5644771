import { isInstalled } from './commands.mjs'
import { installByApt, node, orFail, run, say, setup, testLanguages } from './setup.mjs'

/** @type {Array<[string, string, string[]]>} */
const steps = [
  ['format and lint', 'biome', ['ci', '--error-on-warnings', '.']],
  ['types', 'tsc', []],
  ['types of the web page', 'tsc', ['-p', 'functions/gateway/page']],
  ['tests', node, ['--import', 'tsx', 'tests/run.ts']],
]

await orFail(() => {
  setup(testLanguages)
  // For the snippets of the pages.
  installByApt(['curl'], () => isInstalled('curl'))
  for (const [name, file, args] of steps) {
    say(`\n== ${name}`)
    run(file, args)
  }
})
