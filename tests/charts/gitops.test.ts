import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { parse } from 'yaml'
import packageJson from '../../package.json' with { type: 'json' }
import { chart, gitops, projectOf, repoURL, withRepository } from './gitops.ts'
import { lint, type Manifest, notesOf, render, renderings } from './render.ts'

const kindsOf = (manifests: readonly Manifest[]): string[] => {
  const kinds = manifests.map(({ apiVersion, kind }) => {
    const [group, version] = apiVersion.split('/')
    return version ? `${group}/${kind}` : `/${kind}`
  })
  return [...new Set(kinds)].sort()
}

describe('the chart for Argo CD', () => {
  const manifests = gitops()
  const project = projectOf(manifests)

  it("passes helm's strict lint and has the version of the package", () => {
    lint(chart, ...withRepository)
    const { version } = parse(readFileSync(`${chart}/Chart.yaml`, 'utf8'))
    assert.equal(version, packageJson.version)
  })

  it('says what to set when it is not told the repository', () => {
    assert.throws(() => render(chart), /repoURL says which Git repository.*--set repoURL=https:/)
  })

  for (const [problem, set, message] of [
    ['credentials in the URL', 'repoURL=https://me:secret@git.example.com/x', /user or a password/],
    ['a token in the URL', 'repoURL=https://secret@git.example.com/x', /user or a password/],
    ['a pattern of repositories', 'repoURL=https://git.example.com/*', /pattern/],
    ['a pattern of namespaces', 'environments.dev.namespace=ocr-*', /pattern/],
    ['any cluster', 'environments.dev.server=*', /pattern/],
    ['an environment that there is not', 'only={test}', /has dev, production/],
    ['an environment without a namespace', 'environments.test.revision=main', /namespace/],
    ['an empty revision', 'environments.dev.revision=', /revision/],
    ['a misspelt value', 'repoUrl=https://git.example.com/x', /repoUrl/],
  ] as const) {
    it(`refuses ${problem}`, () => assert.throws(() => gitops(set), message))
  }

  for (const url of ['git@git.example.com:you/x.git', 'ssh://git@git.example.com/x', 'git://h/x']) {
    it(`takes ${url}`, () => {
      assert.deepEqual(projectOf(gitops(`repoURL=${url}`)).spec.sourceRepos, [url])
    })
  }

  it('tells what becomes of it', () => {
    const notes = notesOf(chart, ...withRepository)
    assert.match(notes, /ocr-dev: main, into the namespace ocr-dev\n/)
  })

  it('goes where Argo CD is', () => {
    for (const { metadata } of gitops('argocdNamespace=openshift-gitops')) {
      assert.equal(metadata.namespace, 'openshift-gitops')
    }
  })

  describe('has a project that', () => {
    it('allows the kinds that the charts render, and no others', () => {
      const system = 'argocd/ocr-system'
      const values = ['--values', `${system}/values-production.yaml`]
      const monitors = render(system, ...values, '--set', 'observability.monitors=service')
      const rendered = [...Object.values(renderings).flat(), ...monitors]
      const allowed = project.spec.namespaceResourceWhitelist.map(
        ({ group, kind }: Manifest) => `${group}/${kind}`,
      )
      assert.deepEqual(allowed, kindsOf(rendered))
    })

    it('allows one repository, the namespaces of the environments, and to make them', () => {
      const namespaces = ['ocr-dev', 'ocr-production']
      const server = 'https://kubernetes.default.svc'
      const { sourceRepos, destinations, clusterResourceWhitelist } = project.spec
      assert.deepEqual(sourceRepos, [repoURL])
      assert.deepEqual(
        destinations,
        namespaces.map((namespace) => ({ server, namespace })),
      )
      assert.deepEqual(
        clusterResourceWhitelist,
        namespaces.map((name) => ({ group: '', kind: 'Namespace', name })),
      )
    })

    it('has no pattern, and stays until no Application needs it', () => {
      assert.doesNotMatch(JSON.stringify(project.spec), /[*?!]/)
      assert.deepEqual(project.metadata.finalizers, ['resources-finalizer.argocd.argoproj.io'])
      assert.deepEqual(project.spec.orphanedResources, { warn: true })
    })

    it('allows only the environments that are there', () => {
      const { destinations, clusterResourceWhitelist } = projectOf(gitops('only={dev}')).spec
      assert.deepEqual(
        destinations.map(({ namespace }: Manifest) => namespace),
        ['ocr-dev'],
      )
      assert.equal(clusterResourceWhitelist.length, 1)
    })
  })
})
