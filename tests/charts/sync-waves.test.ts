import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Manifest, ofKind, renderings } from './render.ts'

describe('the waves in which Argo CD brings it', () => {
  const waveOf = ({ metadata }: Manifest): number =>
    Number(metadata.annotations?.['argocd.argoproj.io/sync-wave'] ?? 0)
  const wanted: Readonly<Record<string, number>> = {
    '/ServingRuntime': -1,
    '/Broker': 1,
    '/Deployment': 1,
    '/HorizontalPodAutoscaler': 1,
    'serving.knative.dev/Service': 1,
    '/Trigger': 2,
  }

  for (const [name, manifests] of Object.entries(renderings)) {
    it(`are the model, the gateway and its events (${name})`, () => {
      for (const manifest of manifests) {
        const [group] = manifest.apiVersion.split('/')
        const wave = wanted[`${group}/${manifest.kind}`] ?? wanted[`/${manifest.kind}`] ?? 0
        assert.equal(waveOf(manifest), wave, manifest.kind)
      }
      assert.ok(manifests.some((manifest) => waveOf(manifest) === 1))
    })

    it(`make no new revision (${name})`, () => {
      const services = ofKind(manifests, 'Service').filter(({ spec }) => spec.template)
      for (const { spec } of services) assert.equal(waveOf(spec.template), 0)
      const [model] = ofKind(manifests, 'InferenceService')
      assert.ok(!('argocd.argoproj.io/sync-wave' in model.metadata.annotations))
    })
  }
})
