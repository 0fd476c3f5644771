import { node, orFail, run, say, setup } from './setup.mjs'
import { installTools, withTools } from './tools.mjs'

// Runs a suite that needs helm and kubectl: node scripts/test-platform.mjs charts|cluster.

const [suite = ''] = process.argv.slice(2)
if (suite === 'cluster' && !process.env['KUBECONFIG']) {
  say('skipped: KUBECONFIG is not set, so there is no cluster to test on')
  process.exit(0)
}
await orFail(() => {
  setup()
  installTools()
  run('helm', ['dependency', 'build', '--skip-refresh', 'argocd/ocr-system'], withTools)
  run(node, ['--import', 'tsx', 'tests/run.ts', suite], withTools)
})
