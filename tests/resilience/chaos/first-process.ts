import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { bundled } from '../../services/bundles.ts'
import { childrenOf, isRunning } from '../../services/processes.ts'
import { startModel } from '../../services/start.ts'
import type { Client } from '../load/ask.ts'
import { isRead } from '../load/ends.ts'
import type { Sample } from '../load/samples.ts'
import { straightToModel } from '../load/targets.ts'

const unshare = ['--pid', '--fork', '--mount-proc', '--kill-child'] as const

/**
 * Has the model be the first process of its own, as it is in a container, where no signal ends it unless it listens and
 * nobody else takes care of orphans; sends it requests and SIGTERM.
 */
export async function drainAsFirstProcess(
  client: Client,
  samples: readonly Sample[],
): Promise<{ readonly isWell: boolean; readonly how: string }> {
  const { status, stderr } = spawnSync('unshare', [...unshare, 'true'], { encoding: 'utf8' })
  if (status !== 0) return { isWell: true, how: `not tried: ${stderr}` }

  const model = await startModel({}, ['unshare', ...unshare, ...bundled('model')])
  const [first] = childrenOf(model.pid)
  if (first === undefined) return { isWell: false, how: 'not there' }
  const engines = childrenOf(first)
  const answers = samples.map((sample) => client.ask(straightToModel(model)(sample)))
  await Promise.race(answers)
  const exited = once(model.child, 'exit')
  process.kill(first, 'SIGTERM')
  const [exitCode] = await exited
  const read = (await Promise.all(answers)).filter(isRead).length
  const left = [first, ...engines].filter(isRunning).length + model.workFiles().length
  const how = `exit ${exitCode}, ${read} of ${answers.length} read, ${left} left`
  return { isWell: exitCode === 0 && read === answers.length && left === 0, how }
}
