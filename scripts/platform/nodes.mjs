import { oldestKubernetes, versions } from './versions.mjs'

// The cluster itself.

/** @typedef {import('./kubernetes.mjs').Cluster} Cluster */
/** @typedef {import('../steps.mjs').Step} Step */

/**
 * @param {Cluster} cluster
 * @returns {Step}
 */
export const nodesStep = (cluster) => ({
  name: 'nodes',
  what: 'every node is ready',
  commands: [cluster.kubectl('wait', '--for=condition=Ready', '--timeout=300s', 'node', '--all')],
  obstacle: (ask) => obstacleOf(ask(...cluster.kubectlArgv('version', '--output=json'))),
  minutes: 6,
  look: 'kubectl describe nodes',
})

/**
 * @param {string | undefined} answer of kubectl version
 */
function obstacleOf(answer) {
  if (!answer)
    return 'There is no cluster that answers. Look at: kubectl version; kubectl config get-contexts'
  const { major, minor } = JSON.parse(answer).serverVersion ?? {}
  const isNewEnough =
    Number(major) > 1 || Number.parseInt(minor, 10) >= Number(oldestKubernetes.split('.')[1])
  if (isNewEnough) return undefined
  return `The cluster has Kubernetes ${major}.${minor}, and Knative ${versions.knativeServing} needs ${oldestKubernetes} or later.`
}
