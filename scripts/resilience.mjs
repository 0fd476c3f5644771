import { node, orFail, run, setup, testLanguages } from './setup.mjs'

// Runs one of the commands that attack the services: fuzz, bombs, chaos or soak.

await orFail(() => {
  const [command = '', ...args] = process.argv.slice(2)
  setup(testLanguages)
  run(node, ['--import', 'tsx', `tests/resilience/${command}.ts`, ...args])
})
