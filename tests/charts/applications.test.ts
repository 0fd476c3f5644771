import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { crdSchemas, hasGo, problemsOf } from './crd-schemas.ts'
import { applicationsOf, chart, gitops, projectOf, repoURL, withRepository } from './gitops.ts'
import { type Manifest, ofKind, render } from './render.ts'

describe('the Applications of the chart', () => {
  const manifests = gitops()
  const applications = applicationsOf(manifests)

  it('follow main for development and a tag for production', () => {
    const followed = applications.map(({ metadata, spec }) => [
      metadata.name,
      spec.destination.namespace,
      spec.source.targetRevision,
    ])
    const [dev, production] = followed
    assert.deepEqual(dev, ['ocr-dev', 'ocr-dev', 'main'])
    assert.deepEqual(production?.slice(0, 2), ['ocr-production', 'ocr-production'])
    assert.match(production?.[2], /^v\d+\.\d+\.[\d*]+$/)
    assert.equal(followed.length, 2)
  })

  it('follow another revision when they are told', () => {
    const [dev, production, ...none] = applicationsOf(gitops('revision=trial/a'))
    assert.equal(dev.spec.source.targetRevision, 'trial/a')
    assert.equal(production.spec.source.targetRevision, 'trial/a')
    assert.equal(none.length, 0)
  })

  it('are those of the environments that are there', () => {
    const test = { namespace: 'ocr-test', revision: 'main', server: 'https://test.example.com' }
    const more = ['--set-json', `environments.test=${JSON.stringify(test)}`]
    const names = (...args: string[]) =>
      applicationsOf(render(chart, ...withRepository, ...args)).map(({ metadata }) => metadata.name)
    assert.deepEqual(names(...more), ['ocr-dev', 'ocr-production', 'ocr-test'])
    assert.deepEqual(names(...more, '--set', 'only={test}'), ['ocr-test'])
  })

  for (const { metadata, spec } of applications) {
    it(`render what is in Git (${metadata.name})`, () => {
      const { path, helm, repoURL: url } = spec.source
      assert.equal(url, repoURL)
      const files: string[] = helm.valueFiles.map((file: string) => join(path, file))
      assert.equal(files.length, 2)
      for (const file of files) assert.ok(existsSync(file), file)
      const rendered = render(path, ...files.flatMap((file) => ['--values', file]))
      assert.equal(ofKind(rendered, 'InferenceService').length, 1)
    })

    it(`are kept as in Git, by the project and no other (${metadata.name})`, () => {
      assert.equal(spec.project, 'ocr')
      assert.deepEqual(spec.syncPolicy.automated, { enabled: true, prune: true, selfHeal: true })
      assert.equal(spec.syncPolicy.retry.refresh, true)
      assert.deepEqual(spec.syncPolicy.syncOptions, [
        'CreateNamespace=true',
        'ServerSideApply=true',
        'PruneLast=true',
      ])
      assert.equal(
        metadata.annotations['argocd.argoproj.io/compare-options'],
        'ServerSideDiff=true',
      )
      assert.deepEqual(metadata.finalizers, ['resources-finalizer.argocd.argoproj.io'])
      const { labels } = spec.syncPolicy.managedNamespaceMetadata
      assert.equal(labels['pod-security.kubernetes.io/enforce'], 'restricted')
      assert.equal(spec.ignoreDifferences, undefined)
    })
  }

  it('come of a template that does not choose its project, and fails for a missing key', () => {
    const { template, goTemplate, goTemplateOptions } = ofKind(manifests, 'ApplicationSet')[0].spec
    assert.equal(template.spec.project, projectOf(manifests).metadata.name)
    assert.deepEqual([goTemplate, goTemplateOptions], [true, ['missingkey=error']])
  })
})

const skip = hasGo() ? false : 'there is no Go, by which the CRDs are fetched'

describe("Argo CD's own CRDs", { skip }, () => {
  let schemas: Map<string, Manifest>
  before(() => {
    schemas = crdSchemas()
  })

  const manifests = gitops()
  for (const manifest of [...manifests, ...applicationsOf(manifests)]) {
    it(`allow the ${manifest.kind} ${manifest.metadata.name}`, () => {
      const schema = schemas.get(`argoproj.io/v1alpha1 ${manifest.kind}`)
      assert.ok(schema)
      assert.deepEqual(problemsOf(manifest, schema), [])
    })
  }
})
