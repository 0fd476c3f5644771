import { execFileSync } from 'node:child_process'
import { node, root, say, setup } from './setup.mjs'
import { installTools, withTools } from './tools.mjs'

// Runs a suite that needs helm and kubectl: node scripts/test-platform.mjs charts|cluster.

const [suite = ''] = process.argv.slice(2)
if (suite === 'cluster' && !process.env['KUBECONFIG']) {
  say('skipped: KUBECONFIG is not set, so there is no cluster to test on')
  process.exit(0)
}
try {
  setup()
  installTools()
  execFileSync('helm', ['dependency', 'build', '--skip-refresh', 'argocd/ocr-system'], {
    cwd: root,
    env: withTools,
  })
  const args = ['--import', 'tsx', 'tests/run.ts', suite]
  execFileSync(node, args, { cwd: root, env: withTools, stdio: 'inherit' })
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exit(1)
}
