import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Deployment } from 'kubernetes-models/apps/v1/Deployment'
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget'
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap'
import { Service } from 'kubernetes-models/v1/Service'
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount'
import { type Manifest, renderings } from './render.ts'

/** Kubernetes' own kinds, with the schemas of its API. */
const kinds = [
  ConfigMap,
  Deployment,
  HorizontalPodAutoscaler,
  NetworkPolicy,
  PodDisruptionBudget,
  Service,
  ServiceAccount,
]

/** Those that are checked by their CRDs. */
const isCustom = ({ apiVersion }: Manifest) => /kserve|knative|monitoring/.test(apiVersion)

function validate(manifest: Manifest): void {
  const kind = kinds.find((candidate) => candidate.is(manifest))
  assert.ok(kind, `${manifest.apiVersion} ${manifest.kind} has no schema here`)
  new kind(manifest).validate()
}

describe("Kubernetes' own schemas", () => {
  for (const [name, manifests] of Object.entries(renderings)) {
    it(`allow what is rendered for ${name}`, () => {
      const own = manifests.filter((manifest) => !isCustom(manifest))
      assert.ok(own.length >= 4)
      for (const manifest of own) validate(manifest)
    })
  }

  it('refuse a wrong type', () => {
    const spec = { podSelector: {}, policyTypes: 'Ingress' }
    const policy = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', spec }
    assert.throws(() => validate(policy), /policyTypes/)
  })
})
