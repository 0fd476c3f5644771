import { delimiter } from 'node:path'
import { isInstalled } from '../commands.mjs'
import { installTools, withTools } from '../tools.mjs'

/**
 * The environment for what works on a cluster: the kubectl and helm that are there, or else ours.
 * @returns {NodeJS.ProcessEnv}
 */
export function clusterEnvironment() {
  if (['kubectl', 'helm'].every((program) => isInstalled(program))) return process.env
  installTools()
  return { ...process.env, PATH: [process.env['PATH'], withTools.PATH].join(delimiter) }
}
