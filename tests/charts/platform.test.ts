import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { parse } from 'yaml'
import { deploySteps } from '../../scripts/platform/deploy-steps.mjs'
import { ownVersion } from '../../scripts/platform/image-names.mjs'
import { nodePort } from '../../scripts/platform/local-clusters.mjs'
import { oldestKubernetes } from '../../scripts/platform/versions.mjs'
import { crdSchemas, hasGo, problemsOf } from './crd-schemas.ts'
import { ofKind, renderings } from './render.ts'

const read = (path: string) => parse(readFileSync(path, 'utf8'))
const { prometheus, grafana } = read('scripts/platform/prometheus-values.yaml')

describe('the platform', () => {
  it('has a Prometheus that takes monitors and rules of any label, as the charts have none', () => {
    const { prometheusSpec } = prometheus
    for (const kind of ['podMonitor', 'serviceMonitor', 'rule']) {
      assert.equal(prometheusSpec[`${kind}SelectorNilUsesHelmValues`], false)
    }
  })

  it('has a Grafana that finds the dashboards, and puts them into their folder', () => {
    const { searchNamespace, folderAnnotation } = grafana.sidecar.dashboards
    const dashboards = ofKind(renderings['production, knative'] ?? [], 'ConfigMap')
    assert.equal(searchNamespace, 'ALL')
    assert.ok(dashboards.length > 0)
    for (const { metadata } of dashboards) {
      // The label that the chart of Grafana goes by unless it is told another.
      assert.equal(metadata.labels.grafana_dashboard, '1')
      assert.ok(metadata.annotations[folderAnnotation])
    }
  })

  const skip = hasGo() ? false : 'there is no Go, by which the CRDs are fetched'
  it('has a monitor of Knative that the operator understands', { skip }, () => {
    const monitor = read('scripts/platform/knative-monitor.yaml')
    const schema = crdSchemas().get(`${monitor.apiVersion} ${monitor.kind}`)
    assert.ok(schema)
    assert.deepEqual(problemsOf(monitor, schema), [])
  })

  it('lets out of kind the node port that the ingress gets', () => {
    const [node] = read('scripts/platform/kind-cluster.yaml').nodes
    assert.equal(node.extraPortMappings[0].containerPort, nodePort)
  })

  it('needs the same Kubernetes as the charts', () => {
    const charts = globSync('{knative,kserve,observability,argocd/*}/Chart.yaml')
    assert.equal(charts.length, 5)
    for (const file of charts) assert.equal(read(file).kubeVersion, `>=${oldestKubernetes}.0-0`)
  })

  it('installs as production what is rendered for it', () => {
    const options = { namespace: 'ocr', release: 'ocr', registry: undefined, tag: undefined }
    for (const environment of ['dev', 'production'] as const) {
      const steps = deploySteps({ ...options, environment, set: [], context: undefined })
      const [upgrade] = steps.find(({ name }) => name === 'release')?.commands ?? []
      const args = upgrade?.argv.slice(3).filter((word) => !/^--(?:wait|timeout)/.test(word)) ?? []
      const text = execFileSync('helm', ['template', ...args], { encoding: 'utf8' })
      for (const service of ['gateway', 'model']) {
        assert.ok(text.includes(`image: ghcr.io/knative-ocr/ocr-${service}:`))
      }
    }
  })

  it('builds images with the version that the charts look for', () => {
    for (const chart of ['knative', 'kserve']) {
      assert.equal(read(`${chart}/Chart.yaml`).appVersion, ownVersion)
    }
  })
})
