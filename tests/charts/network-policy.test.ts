import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gatewaySettings } from '../../functions/gateway/settings.ts'
import { type Manifest, ofKind, openTo, render, renderings } from './render.ts'

const [metrics, queueProxyMetrics] = [gatewaySettings.metricsPort.fallback, 9091]
const label = 'kubernetes.io/metadata.name'

/** Whether a policy lets pods of a namespace, whatever their labels are, reach a port of its pods. */
const admits = (policy: Manifest, namespace: string, port: number): boolean =>
  policy.spec.ingress.some(({ from, ports }: Manifest) => {
    const isFrom = ({ namespaceSelector }: Manifest) =>
      namespaceSelector?.matchLabels[label] === namespace
    const isOpen = !from?.length || from.some(isFrom)
    return isOpen && (!ports?.length || ports.some((one: Manifest) => one.port === port))
  })

const policyOf = (chart: 'knative' | 'kserve', ...args: string[]): Manifest =>
  ofKind(render(chart, ...openTo[chart], ...args), 'NetworkPolicy')[0]

for (const [name, manifests] of Object.entries(renderings)) {
  describe(`the policies as rendered for ${name}`, () => {
    const policies = ofKind(manifests, 'NetworkPolicy')

    it('let what fetches metrics reach those, and nobody else', () => {
      for (const policy of policies) {
        for (const port of [metrics, queueProxyMetrics]) {
          assert.ok(admits(policy, 'monitoring', port), `${policy.metadata.name} ${port}`)
          for (const namespace of ['knative-serving', 'kourier-system', 'ocr', 'other']) {
            assert.ok(!admits(policy, namespace, port), `${namespace} to ${port}`)
          }
        }
      }
    })

    it('let it reach nothing else, where not everybody may', () => {
      for (const policy of policies) {
        for (const port of [8012, 8080, 9090]) {
          const isOpen = admits(policy, 'other', port)
          assert.equal(admits(policy, 'monitoring', port), isOpen, `${port}`)
        }
      }
    })

    it('let requests in, and with Knative what counts them', () => {
      const ports = name.includes('knative') ? [8012, 8013, 8112, 9090] : [8080]
      for (const policy of policies) {
        for (const port of ports) assert.ok(admits(policy, 'knative-serving', port), `${port}`)
      }
    })
  })
}

describe('the policies', () => {
  for (const chart of ['knative', 'kserve'] as const) {
    it(`let nobody reach metrics that nobody is to fetch (${chart})`, () => {
      const policy = policyOf(chart, '--set', 'networkPolicy.monitoring=null')
      for (const namespace of ['monitoring', 'knative-serving', 'other']) {
        assert.ok(!admits(policy, namespace, metrics))
      }
    })

    it(`let other namespaces fetch metrics (${chart})`, () => {
      const policy = policyOf(chart, '--set', 'networkPolicy.monitoring={observe,grafana}')
      assert.ok(admits(policy, 'observe', metrics) && admits(policy, 'grafana', metrics))
      assert.ok(!admits(policy, 'monitoring', metrics))
    })
  }

  it('let the model call nobody, unless the values name somebody, and then ask for names', () => {
    assert.deepEqual(policyOf('kserve').spec.egress, [])
    const rule = { ports: [{ port: 4318 }] }
    const set = `networkPolicy.egress=${JSON.stringify([rule])}`
    const { egress } = policyOf('kserve', '--set-json', set).spec
    assert.equal(egress[0].ports[0].port, 53)
    assert.deepEqual(egress.slice(1), [rule])
  })
})
