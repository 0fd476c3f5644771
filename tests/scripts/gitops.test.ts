import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { stateOf, untilHealthy } from '../../scripts/gitops/applications.mjs'
import { gitopsSteps } from '../../scripts/gitops/steps.mjs'

const repo = 'https://git.example.com/you/knative-ocr.git'
const script = (...args: string[]) =>
  execFileSync('node', ['scripts/gitops.mjs', ...args], { encoding: 'utf8' })

interface Change {
  revision?: string
  compared?: string
  annotations?: Record<string, string>
  sync?: string
  health?: string
  phase?: string
  message?: string
  conditions?: { type: string; message: string }[]
}

/** An Application as Argo CD has it when all is well, but for what is said. */
const application = (change: Change = {}) => ({
  metadata: { annotations: change.annotations ?? {} },
  spec: { source: { targetRevision: change.revision ?? 'main' } },
  status: {
    sync: {
      status: change.sync ?? 'Synced',
      revision: '0123456789abcdef',
      comparedTo: { source: { targetRevision: change.compared ?? 'main' } },
    },
    health: { status: change.health ?? 'Healthy' },
    operationState: { phase: change.phase ?? 'Succeeded', message: change.message ?? 'all synced' },
    conditions: change.conditions ?? [],
  },
})

describe('npm run gitops', () => {
  it('prints what it would run, in commands that a shell takes', () => {
    const [, health = '', , applications = ''] = script('--repo', repo, '--dry-run').split('\n')
    assert.match(health, /^kubectl apply --server-side .* --kustomize=argocd\/health$/)
    assert.match(applications, /^helm upgrade --install ocr-gitops argocd\/gitops /)
    assert.ok(applications.includes(`'repoURL="${repo}"'`))
    assert.doesNotMatch(applications, /revision|only/)
  })

  it('tells the chart the revision, the environments and where Argo CD is', () => {
    const args = ['--revision', 'trial', '--environment', 'dev', '--environment', 'test']
    const text = script('--repo', repo, ...args, '--argocd-namespace', 'cd', '--dry-run')
    for (const set of ['revision="trial"', 'only=["dev","test"]', 'argocdNamespace="cd"']) {
      assert.ok(text.includes(`'${set}'`), set)
    }
    assert.equal(text.match(/--namespace=cd/g)?.length, 2)
  })

  for (const args of [
    ['--minutes', '0'],
    ['--minutes', 'x'],
    ['--argocd-namespace', 'A'],
    ['-x'],
  ]) {
    it(`refuses ${args.join(' ')} and says how it is used`, () => {
      const all = ['scripts/gitops.mjs', '--repo', repo, '--dry-run', ...args]
      const { status, stdout } = spawnSync('node', all, { encoding: 'utf8' })
      assert.equal(status, 1)
      assert.match(stdout, /Usage: npm run gitops/)
    })
  }

  it('does not begin where there is no Argo CD', () => {
    const [health] = gitopsSteps({ repo, environments: [], namespace: 'cd' })
    assert.match(health?.obstacle?.(() => undefined) ?? '', /no Argo CD.*namespace cd/)
    assert.equal(
      health?.obstacle?.(() => ''),
      undefined,
    )
  })
})

describe('an Application', () => {
  it('is as it should be when it is Synced and Healthy', () => {
    assert.deepEqual(stateOf(application(), 'main'), {
      text: 'Synced, Healthy at 01234567',
      isGood: true,
    })
  })

  for (const [problem, change, text] of [
    ['it has another revision', { revision: 'v1' }, /compared with Git/],
    ['Argo CD has compared another revision', { compared: 'v1' }, /compared with Git/],
    [
      'Argo CD is still to look',
      { annotations: { 'argocd.argoproj.io/refresh': 'normal' } },
      /compared with Git/,
    ],
    ['it differs from Git', { sync: 'OutOfSync' }, /^OutOfSync, Healthy at 01234567/],
    [
      'it starts',
      { health: 'Progressing', message: 'waits for\nocr-model' },
      /Progressing.*: waits for ocr-model$/,
    ],
    ['it is synced just now', { phase: 'Running' }, /^Synced, Healthy/],
    [
      'Git cannot be read',
      { sync: 'Unknown', conditions: [{ type: 'ComparisonError', message: 'no such tag' }] },
      /^Unknown, .*: no such tag;/,
    ],
  ] as const) {
    it(`is not yet when ${problem}`, () => {
      const state = stateOf(application(change as Change), 'main')
      assert.equal(state.isGood, false)
      assert.match(state.text, text)
    })
  }

  it('is not yet when Argo CD has said nothing of it', () => {
    const { status, ...unknown } = application()
    assert.ok(status)
    assert.equal(stateOf(unknown, 'main').isGood, false)
  })
})

describe('waiting for the Applications', () => {
  /** A cluster with one environment, whose Application answers one after the other, and the last again and again. */
  function cluster(answers: (ReturnType<typeof application> | undefined)[]) {
    const asked: string[] = []
    const elements = [{ name: 'dev', revision: 'main' }]
    const applicationSet = { spec: { generators: [{ list: { elements } }] } }
    const ask = (...argv: readonly string[]) => {
      const [, verb = '', resource = ''] = argv
      asked.push(verb)
      if (verb === 'annotate') return ''
      if (resource.startsWith('applicationset')) return JSON.stringify(applicationSet)
      const answer = answers.length > 1 ? answers.shift() : answers[0]
      return answer && JSON.stringify(answer)
    }
    let time = 0
    const pause = async (ms: number) => {
      time += ms
    }
    return { ask, asked, namespace: 'argocd', minutes: 1, pause, now: () => time }
  }

  it('ends when Argo CD has looked anew and all is well', async () => {
    const waiting = cluster([
      undefined,
      application(),
      application({ sync: 'OutOfSync' }),
      application(),
    ])
    await untilHealthy(waiting)
    assert.deepEqual(waiting.asked, ['get', 'get', 'get', 'annotate', 'get', 'get'])
  })

  it('ends with what is missing when the time is over', async () => {
    const waiting = cluster([application({ health: 'Degraded' })])
    await assert.rejects(
      untilHealthy(waiting),
      /^Error: ocr-dev: not Synced and Healthy after 1 min/,
    )
    assert.ok(waiting.now() <= 60_000)
  })

  it('fails at once when there is nothing to wait for', async () => {
    const waiting = { ...cluster([]), ask: () => undefined }
    await assert.rejects(untilHealthy(waiting), /There is no ApplicationSet ocr in argocd/)
  })
})
