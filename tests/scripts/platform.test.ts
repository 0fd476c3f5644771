import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { platformSteps } from '../../scripts/platform/steps.mjs'
import { versions } from '../../scripts/platform/versions.mjs'
import { runSteps } from '../../scripts/run-steps.mjs'
import { type Answer, changes, createFakeTools } from './fake-tools.ts'

const server = (minor: string): Answer => ({
  when: 'version --output=json',
  stdout: JSON.stringify({ serverVersion: { major: '1', minor } }),
})
/** Asked for anything, it has nothing. */
const absent: Answer[] = [
  server('34'),
  { when: ' get ', stderr: 'Error from server (NotFound)\n', status: 1 },
  { when: ' list ', stdout: '[]' },
  { when: 'minikube status', status: 85 },
]

const deployment = (version: string, availableReplicas = 1) =>
  JSON.stringify({
    metadata: { labels: { 'app.kubernetes.io/version': version } },
    spec: { template: { spec: { containers: [{ image: 'example.org/it@sha256:00' }] } } },
    status: { availableReplicas },
  })
const tagged = (image: string) =>
  JSON.stringify({
    spec: { template: { spec: { containers: [{ image }] } } },
    status: { availableReplicas: 1 },
  })
const data = (values: Record<string, string>) => JSON.stringify({ data: values })
const prometheus = { 'metrics-protocol': 'prometheus', 'request-metrics-protocol': 'prometheus' }

/** A cluster that has all of the platform. */
const present: Answer[] = [
  server('34'),
  { when: 'minikube status', stdout: 'Running' },
  { when: '--namespace=cert-manager', stdout: deployment(`v${versions.certManager}`) },
  { when: 'deployment/net-kourier', stdout: deployment(versions.netKourier) },
  { when: 'deployment/3scale', stdout: deployment(versions.netKourier) },
  {
    when: 'config-network',
    stdout: data({ 'ingress-class': 'kourier.ingress.networking.knative.dev' }),
  },
  { when: 'service/kourier', stdout: JSON.stringify({ spec: { ports: [{ nodePort: 31080 }] } }) },
  { when: 'config-domain', stdout: data({ _example: '', '127.0.0.1.sslip.io': '' }) },
  { when: 'config-observability', stdout: data(prometheus) },
  { when: 'podmonitor/knative-scaling', stdout: '{}' },
  {
    when: 'get deployment/kserve',
    stdout: tagged(`kserve/kserve-controller:v${versions.kserve}`),
  },
  {
    when: 'inferenceservice-config',
    stdout: data({ ingress: '{ "disableIstioVirtualHost": true }' }),
  },
  { when: '--namespace=knative-serving', stdout: deployment(versions.knativeServing) },
  { when: '--namespace=knative-eventing', stdout: deployment(versions.knativeEventing) },
  {
    when: 'list --deployed',
    stdout: `[{"chart":"kube-prometheus-stack-${versions.kubePrometheusStack}"}]`,
  },
  { when: '--namespace=argocd', stdout: tagged(`quay.io/argoproj/argocd:v${versions.argoCd}`) },
]
const programs = ['kubectl', 'helm', 'minikube']

/** The steps that were already there, and what was done besides. */
function install(answers: readonly Answer[], ...args: string[]) {
  using tools = createFakeTools(programs, answers)
  const { status, stdout } = tools.run('platform.mjs', '--on', 'minikube', ...args)
  const there = [...stdout.matchAll(/ ([\w-]+): .* … already there$/gm)].map(([, name]) => name)
  return { status, stdout, there, done: changes(tools.calls()) }
}

const steps = platformSteps({ on: 'minikube' }).map(({ name }) => name)

describe('npm run platform:install', () => {
  it('runs on an empty cluster the very commands of the dry run, and tells each step', () => {
    using tools = createFakeTools(programs, absent)
    const { status, stdout } = tools.run('platform.mjs', '--on', 'minikube')
    assert.equal(status, 0, stdout)
    const expected = platformSteps({ on: 'minikube' }).flatMap(({ commands }) =>
      commands.flatMap(({ argv, from }) => [...(from ? [from.join(' ')] : []), argv.join(' ')]),
    )
    assert.deepEqual(changes(tools.calls()), expected)
    for (const [index, name] of steps.entries()) {
      assert.match(
        stdout,
        new RegExp(`^${index + 1}/${steps.length} ${name}: .* done in \\d+ s$`, 'm'),
      )
    }
  })

  it('leaves a platform alone that is there', () => {
    const { status, there, done } = install(present)
    assert.equal(status, 0)
    assert.deepEqual(
      there,
      steps.filter((name) => name !== 'nodes'),
    )
    assert.deepEqual(done, [
      'kubectl --context=ocr wait --for=condition=Ready --timeout=300s node --all',
    ])
  })

  const differences: ReadonlyArray<readonly [what: string, step: string, answer: Answer]> = [
    [
      'another version',
      'serving',
      { when: 'get deployment/activator', stdout: deployment('1.20.0') },
    ],
    [
      'no pod that is available',
      'serving',
      { when: 'get deployment/webhook', stdout: deployment(versions.knativeServing, 0) },
    ],
    [
      'another image',
      'argocd',
      { when: 'get deployment/argocd-server', stdout: tagged('quay.io/argoproj/argocd:v3.4.0') },
    ],
    [
      'another class of ingress',
      'kourier',
      { when: 'configmap/config-network', stdout: data({ 'ingress-class': 'istio' }) },
    ],
    [
      'Istio wanted',
      'kserve',
      {
        when: 'inferenceservice-config',
        stdout: data({ ingress: '{"disableIstioVirtualHost": false}' }),
      },
    ],
    [
      'no metrics of requests',
      'metrics',
      {
        when: 'config-observability --namespace=knative-serving',
        stdout: data({ 'metrics-protocol': 'prometheus' }),
      },
    ],
    ['no domain of its own', 'domain', { when: 'config-domain', stdout: data({ _example: '' }) }],
    [
      'another node port',
      'node-port',
      {
        when: 'service/kourier',
        stdout: JSON.stringify({ spec: { ports: [{ nodePort: 30000 }] } }),
      },
    ],
    ['an older chart', 'monitoring', { when: 'list --deployed', stdout: '[{"chart":"x-1.0.0"}]' }],
    ['no cluster that runs', 'cluster', { when: 'minikube status', status: 7 }],
    ['an answer that is no JSON', 'eventing', { when: 'get deployment/imc', stdout: 'oops' }],
  ]
  for (const [what, step, answer] of differences) {
    it(`does ${step} again, and nothing else, where there is ${what}`, () => {
      const { status, there } = install([answer, ...present])
      assert.equal(status, 0)
      assert.deepEqual(
        there,
        steps.filter((name) => name !== 'nodes' && name !== step),
      )
    })
  }

  it('waits for a webhook that does not answer yet', () => {
    const refusal = {
      when: 'patch configmap/config-network',
      stderr: 'Error: failed calling webhook "config.webhook.serving.knative.dev"',
      status: 1,
      times: 1,
    }
    const { status, done } = install([refusal, ...absent], '--only', 'kourier')
    assert.equal(status, 0)
    assert.equal(done.filter((call) => call.includes('patch')).length, 2)
  })

  it('stops at a failure, and tells the command, its last words and what to look at', () => {
    const stderr = 'error: timed out waiting for the condition on deployments/webhook'
    const failure = { when: 'wait --for=condition=Available', stderr, status: 1 }
    const { status, stdout, done } = install([failure, ...absent], '--only', 'serving,kserve')
    assert.equal(status, 1)
    assert.match(
      stdout,
      /serving: .* … failed after \d+ s\n\n\$ kubectl --context=ocr wait .*--all\n/,
    )
    assert.ok(stdout.includes(stderr))
    assert.match(stdout, /Look at: kubectl --namespace=knative-serving get pods,events/)
    assert.ok(!done.some((call) => call.includes('kserve')))
  })

  it('refuses a cluster that is too old for Knative, or that does not answer', () => {
    for (const [answer, words] of [
      [server('32'), /has Kubernetes 1\.32, and Knative .* needs 1\.33/],
      [{ when: 'version', status: 1 }, /no cluster that answers/],
    ] as const) {
      const { status, stdout, done } = install([answer, ...absent], '--only', 'nodes,kserve')
      assert.equal(status, 1)
      assert.match(stdout, words)
      assert.deepEqual(done, [])
    }
    assert.equal(install([server('33+'), ...absent], '--only', 'nodes').status, 0)
  })

  it('tells before it begins which program is missing, and where it is had from', () => {
    using tools = createFakeTools(['kubectl', 'helm'])
    const { status, stdout } = tools.run('platform.mjs', '--on', 'kind')
    assert.equal(status, 1)
    assert.equal(
      stdout,
      'kind is needed, and is not on the PATH: https://kind.sigs.k8s.io/docs/user/quick-start/\n',
    )
    assert.deepEqual(tools.calls(), [])
  })
})

describe('a step', () => {
  it('ends with its time, though its program does not', () => {
    using tools = createFakeTools(['kubectl'], [{ when: 'wait', hangs: true }])
    const hanging = {
      name: 'slow',
      what: 'what never comes',
      commands: [{ argv: ['kubectl', 'wait', 'for-ever'] }],
      minutes: 1 / 60,
      look: 'the clock',
    }
    const begin = Date.now()
    assert.throws(() => runSteps([hanging], tools), /took too long[\s\S]*Look at: the clock/)
    assert.ok(Date.now() - begin < 30_000)
  })
})
