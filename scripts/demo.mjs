import { spawnSync } from 'node:child_process'
import { installPackages, node, orFail, root } from './setup.mjs'
import { installTools, withTools } from './tools.mjs'

// Runs the demo of autoscaling: node scripts/demo.mjs [FLAGS], which --help lists.

await orFail(() => {
  installPackages()
  installTools()
  // A Ctrl-C reaches the demo as well, which then ends in order; it is waited for.
  process.on('SIGINT', () => undefined)
  const args = ['--import', 'tsx', 'demo/autoscale/main.ts', ...process.argv.slice(2)]
  const { status } = spawnSync(node, args, { cwd: root, env: withTools, stdio: 'inherit' })
  process.exitCode = status ?? 1
})
