import { spawnSync } from 'node:child_process'

/**
 * Runs promtool, which comes with Prometheus.
 * @throws Error with what it says, or if it is not there
 */
export function promtool(...args: readonly string[]): void {
  const { error, status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' })
  if (error) throw new Error('promtool is needed: apt-get install prometheus', { cause: error })
  if (status !== 0) throw new Error(`promtool ${args.join(' ')}\n${stdout}${stderr}`)
}
