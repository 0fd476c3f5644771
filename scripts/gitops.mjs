import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { untilHealthy } from './gitops/applications.mjs'
import { gitopsSteps } from './gitops/steps.mjs'
import { clusterEnvironment } from './platform/environment.mjs'
import { asking, runSteps } from './run-steps.mjs'
import { orFail, root, say } from './setup.mjs'
import { asScript } from './steps.mjs'
import { orUsage } from './usage.mjs'

// Has Argo CD install the system from a Git repository, and waits until it has: npm run gitops -- --repo URL. Run again,
// it brings what has changed in argocd/gitops and argocd/health.

const usage = `Usage: npm run gitops -- [--repo URL] [--environment NAME ...] [--revision REVISION]
                         [--argocd-namespace NAME] [--minutes N] [--dry-run]
--repo              Git repository that Argo CD reads; without it, what Git calls origin, if that is http(s)
--environment       dev or production; without it all that argocd/gitops/values.yaml has
--revision          branch, tag or commit in place of theirs, for a look at it
--argocd-namespace  where Argo CD is; without it argocd
--minutes           how long to wait until all is Synced and Healthy; without it 15
--dry-run           prints the commands instead of running them`

/**
 * What the command line says.
 * @throws {Error} with the usage
 */
function given() {
  return orUsage(usage, () => {
    const { values } = parseArgs({
      options: {
        repo: { type: 'string', default: origin() },
        environment: { type: 'string', multiple: true, default: [] },
        revision: { type: 'string', default: '' },
        'argocd-namespace': { type: 'string', default: 'argocd' },
        minutes: { type: 'string', default: '15' },
        'dry-run': { type: 'boolean', default: false },
      },
    })
    const { repo, environment: environments, revision, 'argocd-namespace': namespace } = values
    if (!repo) throw new Error('Which Git repository? Say --repo URL.')
    if (!/^[a-z0-9][a-z0-9-]*$/.test(namespace)) throw new Error(`--argocd-namespace ${namespace}`)
    const minutes = Number(values.minutes)
    if (!(minutes > 0 && minutes <= 1440)) throw new Error(`--minutes ${values.minutes}`)
    return { repo, environments, revision, namespace, minutes, isDry: values['dry-run'] }
  })
}

/** URL of this working copy's origin; empty if it is none that Argo CD could read, too, or if it holds a password. */
function origin() {
  const { stdout } = spawnSync('git', ['remote', 'get-url', 'origin'], {
    cwd: root,
    encoding: 'utf8',
  })
  const url = (stdout ?? '').trim()
  return /^https?:\/\/[^@\s]+$/.test(url) ? url : ''
}

await orFail(async () => {
  const { minutes, isDry, ...gitops } = given()
  const steps = gitopsSteps(gitops)
  if (isDry) {
    say(asScript(steps))
  } else {
    const env = clusterEnvironment()
    runSteps(steps, { env })
    await untilHealthy({ ask: asking(env), namespace: gitops.namespace, minutes })
    say('Argo CD keeps it as it is in Git from now on.')
  }
})
