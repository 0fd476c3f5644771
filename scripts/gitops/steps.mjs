import { command } from '../commands.mjs'

/** @typedef {import('../steps.mjs').Step} Step */

/**
 * `revision` is for all environments in place of their own, `environments` are all if there are none.
 * @typedef {object} Gitops
 * @property {string} repo
 * @property {string} [revision]
 * @property {readonly string[]} environments
 * @property {string} namespace of Argo CD
 */

/**
 * What has Argo CD install the system from Git.
 * @param {Gitops} gitops
 * @returns {Step[]}
 */
export const gitopsSteps = (gitops) => [healthStep(gitops), applicationsStep(gitops)]

/**
 * @param {Gitops} gitops
 * @returns {Step}
 */
const healthStep = ({ namespace }) => ({
  name: 'health',
  what: 'how Argo CD tells the health of an InferenceService',
  obstacle: (ask) =>
    // The command below would make one, which no Argo CD reads.
    ask('kubectl', 'get', 'configmap/argocd-cm', `--namespace=${namespace}`) === undefined
      ? `kubectl finds no Argo CD (configmap/argocd-cm) in the namespace ${namespace}. ` +
        'npm run platform:install installs one; --argocd-namespace says where it is otherwise.'
      : undefined,
  commands: [
    command(
      'kubectl',
      'apply',
      '--server-side',
      '--field-manager=ocr-gitops',
      `--namespace=${namespace}`,
      '--kustomize=argocd/health',
    ),
  ],
  minutes: 1,
  look: 'argocd/health/kustomization.yaml; a conflict means that somebody else has set that entry of argocd-cm',
})

/**
 * @param {Gitops} gitops
 * @returns {Step}
 */
const applicationsStep = ({ repo, revision, environments, namespace }) => ({
  name: 'applications',
  what: 'the project and an Application for each environment',
  commands: [
    command(
      'helm',
      'upgrade',
      '--install',
      'ocr-gitops',
      'argocd/gitops',
      `--namespace=${namespace}`,
      ...set('argocdNamespace', namespace),
      ...set('repoURL', repo),
      ...(revision ? set('revision', revision) : []),
      ...(environments.length > 0 ? set('only', environments) : []),
    ),
  ],
  minutes: 1,
  look: 'argocd/README.md',
})

/**
 * As JSON, since commas and backslashes mean something in --set.
 * @param {string} name
 * @param {unknown} value
 */
const set = (name, value) => ['--set-json', `${name}=${JSON.stringify(value)}`]
