import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readPage, snippetsOf } from '../pages.ts'
import { createFakeTools } from './fake-tools.ts'

/** What a script prints where there is no program at all. */
function dryRun(script: string, ...args: string[]): string {
  using nothing = createFakeTools([])
  const { status, stdout, stderr } = nothing.run(script, ...args, '--dry-run')
  assert.equal(status, 0, stdout + stderr)
  return stdout
}

const registry = ['--registry', 'registry.example.org/ocr']
const dryRuns = {
  minikube: dryRun('platform.mjs', '--on', 'minikube'),
  kind: dryRun('platform.mjs', '--on', 'kind'),
  current: dryRun('platform.mjs'),
  images: dryRun('images.mjs', ...registry, '--languages', 'deu', '--engine', 'docker', '--push'),
  deploy: dryRun('deploy.mjs', ...registry, '--environment', 'production'),
}
const all = Object.values(dryRuns).join('')
const namesIn = (text: string) => [...text.matchAll(/^# ([\w-]+): /gm)].map(([, name]) => name)

describe('a dry run', () => {
  const before = ['nodes', 'cert-manager', 'serving', 'kourier']
  const after = ['domain', 'eventing', 'metrics', 'kserve', 'monitoring', 'argocd']

  for (const on of ['minikube', 'kind'] as const) {
    it(`has the steps in the order of their needs, for ${on}`, () => {
      const steps = ['cluster', ...before, 'node-port', ...after]
      assert.deepEqual(namesIn(dryRuns[on]), steps)
    })

    it(`names the cluster of ${on} to every command, whatever kubectl is set to`, () => {
      const context = on === 'minikube' ? 'ocr' : 'kind-ocr'
      const commands = dryRuns[on].split('\n').filter((text) => /^(?:kubectl|helm) /.test(text))
      const client = /--dry-run=client .*\| kubectl --context/
      for (const text of commands) {
        assert.ok(text.includes(`context=${context} `) || client.test(text), text)
      }
      assert.ok(commands.length > 20)
    })
  }

  it('makes no cluster and no node port where there is a cluster', () => {
    assert.deepEqual(namesIn(dryRuns.current), [...before, ...after])
  })

  it('has a version in every source, and never the newest', () => {
    const sources = [...all.matchAll(/https:\/\/[^\s']+|oci:\/\/.+?--version=\S+|kindest\S+/g)]
    assert.ok(sources.length > 30)
    for (const [source] of sources) {
      assert.match(source, /(?:\/(?:knative-)?v|--version=v?|:v)\d+\.\d+\.\d+/)
      assert.doesNotMatch(source, /\b(?:latest|main|master|stable|HEAD)\b/)
    }
    const charts = all.match(/oci:/g) ?? []
    assert.equal(charts.length, sources.filter(([source]) => source.startsWith('oci:')).length)
  })

  it('has the chosen steps alone', () => {
    assert.deepEqual(namesIn(dryRun('platform.mjs', '--only', 'argocd,kserve')), [
      'kserve',
      'argocd',
    ])
  })

  it('has the domain that is given', () => {
    const text = dryRun('platform.mjs', '--only', 'domain', '--domain', 'ocr.example.org')
    assert.match(text, /config-domain .*"ocr\.example\.org":""/)
    assert.doesNotMatch(text, /default-domain/)
  })

  it('makes keys only for an environment that wants some', () => {
    assert.ok(namesIn(dryRuns.deploy).includes('keys'))
    assert.ok(!namesIn(dryRun('deploy.mjs')).includes('keys'))
  })

  it('names images as the charts do, unless told otherwise', () => {
    assert.match(dryRun('images.mjs'), /--tag=ghcr\.io\/knative-ocr\/ocr-gateway:\d/)
    assert.match(
      dryRun('images.mjs', '--tag', '1.0'),
      /--tag=ghcr\.io\/knative-ocr\/ocr-model:1\.0 /,
    )
    const local = dryRun('images.mjs', '--load', 'minikube', '--engine', 'docker')
    assert.match(local, /^minikube image load dev\.local\/ocr-model:\S+ --profile=ocr$/m)
    assert.match(dryRun('deploy.mjs', '--tag', '1.0'), /--set-string=model\.image\.tag=1\.0 /)
  })

  it('has podman save what is loaded into a cluster', () => {
    const text = dryRun('images.mjs', '--load', 'kind', '--engine', 'podman')
    assert.match(text, /^podman save --output=(\S+) dev.*\nkind load image-archive \1 --name=ocr$/m)
  })

  it('has every command of docs/kubernetes.md', () => {
    const known = new Set(all.split('\n'))
    const byHand = readPage('docs/kubernetes.md').split('## By hand')[1]?.split('\n## ')[0] ?? ''
    const commands = snippetsOf('docs/kubernetes.md')
      .filter(({ code }) => byHand.includes(code))
      .flatMap(({ code }) => code.replaceAll(/ \\\n {2}/g, ' ').split('\n'))
      .filter((text) => /^(?!#|curl )./.test(text))
    assert.ok(commands.length > 40)
    assert.deepEqual(
      commands.filter((text) => !known.has(text)),
      [],
    )
  })
})

describe('an option that cannot be meant so', () => {
  const wrong: ReadonlyArray<readonly [script: string, option: string, value: string]> = [
    ['platform.mjs', '--on', 'aws'],
    ['platform.mjs', '--domain', 'x; reboot'],
    ['platform.mjs', '--domain', 'localhost'],
    ['images.mjs', '--registry', '-x'],
    ['images.mjs', '--registry', 'a b'],
    ['images.mjs', '--tag', '-rm'],
    ['images.mjs', '--tag', 'x'.repeat(129)],
    ['images.mjs', '--languages', 'deu;reboot'],
    ['images.mjs', '--load', 'docker'],
    ['images.mjs', '--engine', 'sh'],
    ['deploy.mjs', '--environment', '../dev'],
    ['deploy.mjs', '--namespace', '--all'],
    ['deploy.mjs', '--namespace', 'x'.repeat(54)],
    ['deploy.mjs', '--release', 'a.b'],
    ['deploy.mjs', '--tag', 'a/b'],
    ['deploy.mjs', '--bogus', 'x'],
  ]
  for (const [script, option, value] of wrong) {
    it(`is refused, with the usage and before anything is done: ${script} ${option} ${value.slice(0, 20)}`, () => {
      using tools = createFakeTools(['kubectl', 'helm', 'docker'])
      const { status, stdout } = tools.run(script, `${option}=${value}`)
      assert.equal(status, 1)
      assert.match(stdout, /Usage: npm run /)
      assert.deepEqual(tools.calls(), [])
    })
  }

  it('is a step that there is not, and those that there are get named', () => {
    using tools = createFakeTools(['kubectl', 'helm'])
    const { status, stdout } = tools.run('platform.mjs', '--only', 'istio,kserve')
    assert.equal(status, 1)
    assert.match(stdout, /no istio in --only; there are nodes, cert-manager, .*, argocd\./)
  })

  it('does not take a name of the longest length for one', () => {
    assert.match(dryRun('deploy.mjs', '--namespace', 'x'.repeat(53)), /--namespace=x{53} /)
    assert.match(dryRun('images.mjs', '--tag', 'x'.repeat(128)), /:x{128} /)
  })
})
