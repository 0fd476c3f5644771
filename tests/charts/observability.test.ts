import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { describe, it } from 'node:test'
import { parse } from 'yaml'
import { crdSchemas, hasGo, problemsOf } from './crd-schemas.ts'
import { type Manifest, ofKind, openTo, render, renderings } from './render.ts'

const chart = (...set: string[]): Manifest[] =>
  render('observability', ...set.flatMap((value) => ['--set', value]))
const system = (...set: string[]): Manifest[] =>
  render(
    'argocd/ocr-system',
    ...openTo['argocd/ocr-system'],
    ...set.flatMap((value) => ['--set', value]),
  )
const standard = ['gateway.mode=standard', 'model.mode=standard']
const isOfOperator = ({ apiVersion }: Manifest) => apiVersion === 'monitoring.coreos.com/v1'
describe('the chart of observability', () => {
  it('leaves monitors away, if metrics come otherwise', () => {
    const kinds = new Set(chart('monitors=none').map(({ kind }) => kind))
    assert.deepEqual(kinds, new Set(['PrometheusRule', 'ConfigMap']))
  })

  it('gives labels to all that Prometheus chooses', () => {
    const all = chart('labels.release=stack')
    const chosen = all.filter(isOfOperator)
    assert.ok(chosen.length > 5)
    for (const { metadata } of chosen) assert.equal(metadata.labels.release, 'stack')
  })

  const ruleFiles = globSync('observability/rules/*.yaml')
  it('has every file of rules as it is', () => {
    const rules = new Map(
      ofKind(chart(), 'PrometheusRule').map(({ metadata, spec }) => [metadata.name, spec]),
    )
    assert.equal(rules.size, ruleFiles.length)
    for (const file of ruleFiles) {
      const name = `ocr-observability-${basename(file, '.yaml')}`
      assert.deepEqual(rules.get(name), parse(readFileSync(file, 'utf8')))
    }
  })

  it('leaves rules away that are not wanted', () => {
    assert.deepEqual(ofKind(chart('rules.enabled=false'), 'PrometheusRule'), [])
    for (const file of ruleFiles) {
      const name = basename(file, '.yaml')
      const rules = ofKind(chart(`rules.without={${name}}`), 'PrometheusRule')
      assert.equal(rules.length, ruleFiles.length - 1)
      assert.ok(rules.every(({ metadata }) => metadata.name !== `ocr-observability-${name}`))
    }
  })

  it('refuses to leave away others than there are', () => {
    const schema = JSON.parse(readFileSync('observability/values.schema.json', 'utf8'))
    const names = new Set(schema.properties.rules.properties.without.items.enum)
    assert.deepEqual(names, new Set(ruleFiles.map((file) => basename(file, '.yaml'))))
  })

  it('leads to a runbook elsewhere', () => {
    const runbook = 'https://wiki.example.org/ocr'
    const text = JSON.stringify(chart(`rules.runbook=${runbook}`))
    const urls = [...text.matchAll(/"runbook_url":"([^"#]*)#ocr\w+"/g)].map(([, url]) => url)
    assert.ok(urls.length > 10)
    assert.deepEqual(new Set(urls), new Set([runbook]))
  })

  it('has every dashboard in a ConfigMap that Grafana takes', () => {
    const files = globSync('observability/dashboards/json/*.json')
    const maps = ofKind(chart(), 'ConfigMap')
    assert.ok(files.length > 0)
    assert.equal(maps.length, files.length)
    for (const { metadata, data } of maps) {
      assert.equal(metadata.labels.grafana_dashboard, '1')
      assert.equal(metadata.annotations.grafana_folder, 'OCR')
      const [[name, text]] = Object.entries<string>(data) as [[string, string]]
      const file = readFileSync(`observability/dashboards/json/${name}`, 'utf8')
      assert.deepEqual(JSON.parse(text), JSON.parse(file))
      assert.ok(Buffer.byteLength(text) < 2 ** 20, name)
    }
    assert.deepEqual(ofKind(chart('dashboards.enabled=false'), 'ConfigMap'), [])
  })

  it('is packed with what it renders and nothing else', (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'chart-'))
    t.after(() => rmSync(folder, { recursive: true }))
    execFileSync('helm', ['package', 'observability', '--destination', folder], { stdio: 'pipe' })
    const [archive = ''] = globSync(join(folder, '*.tgz'))
    const packed = execFileSync('tar', ['-tzf', archive], { encoding: 'utf8' }).trim().split('\n')
    const own =
      /^ocr-observability\/(?:[\w.]+|templates\/[\w.-]+|rules\/\w+\.yaml|dashboards\/json\/\w+\.json)$/
    for (const path of packed) assert.match(path, own)
    for (const file of [...ruleFiles, ...globSync('observability/dashboards/json/*.json')]) {
      assert.ok(packed.includes(`ocr-${file}`), file)
    }
  })
})

describe('the system', () => {
  it('needs nothing of the Prometheus operator unless it is told to', () => {
    assert.deepEqual(system().filter(isOfOperator), [])
    assert.ok(system('observability.enabled=true').some(isOfOperator))
  })

  for (const [name, manifests] of Object.entries(renderings)) {
    it(`is watched in production, and not for development (${name})`, () => {
      assert.equal(manifests.some(isOfOperator), name.includes('production'))
    })
  }

  it('refuses to watch other services than it has', () => {
    const other = ['gateway.name=g', 'observability.enabled=true']
    assert.throws(() => system(...other), /observability\.gateway\.name is ocr-gateway, but/)
    assert.ok(system(...other, 'observability.gateway.name=g').length > 0)
    const mode = ['model.mode=standard', 'observability.enabled=true']
    assert.throws(() => system(...mode), /observability\.model\.mode is knative, but/)
  })
})

const skip = hasGo() ? false : 'there is no Go, by which the CRDs are fetched'

describe("the Prometheus operator's CRDs", { skip }, () => {
  const schemas = skip ? new Map<string, Manifest>() : crdSchemas()

  for (const set of [
    ['queueProxy=true'],
    ['monitors=service', 'queueProxy=true', 'limits.targetLimit=100'],
    standard,
    [...standard, 'monitors=service'],
  ]) {
    it(`allow what is rendered with ${set}`, () => {
      const known = chart(...set).filter(isOfOperator)
      assert.ok(known.length > 5)
      for (const manifest of known) {
        const schema = schemas.get(`${manifest.apiVersion} ${manifest.kind}`)
        assert.ok(schema, manifest.kind)
        assert.deepEqual(problemsOf(manifest, schema), [], manifest.metadata.name)
      }
    })
  }

  it('refuse a field that there is not', () => {
    const schema = schemas.get('monitoring.coreos.com/v1 PodMonitor')
    const [monitor] = ofKind(chart(), 'PodMonitor')
    const wrong = { ...monitor, spec: { ...monitor.spec, samplesLimit: 1 } }
    assert.deepEqual(problemsOf(wrong, schema), ['/spec/samplesLimit is not known'])
  })
})
