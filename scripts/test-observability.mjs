import { spawnSync } from 'node:child_process'
import { installByApt, node, orFail, run, setup, testLanguages } from './setup.mjs'

// Runs the tests that look at the services through a real Prometheus.

await orFail(() => {
  setup(testLanguages)
  installByApt(['prometheus'], () =>
    ['prometheus', 'promtool'].every((file) => spawnSync(file, ['--version']).status === 0),
  )
  run(node, ['--import', 'tsx', 'tests/run.ts', 'observability'])
})
