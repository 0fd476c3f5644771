import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gatewaySettings } from '../../functions/gateway/settings.ts'
import { type Manifest, ofKind, podsOf, render, renderings } from './render.ts'

const chart = (...set: string[]): Manifest[] =>
  render('observability', ...set.flatMap((value) => ['--set', value]))
const standard = ['gateway.mode=standard', 'model.mode=standard']
const relabelled = ({ relabelings }: Manifest, label: string): Manifest[] =>
  relabelings.filter(({ targetLabel }: Manifest) => targetLabel === label)

/** The pods of the system by the name of what makes them, with the labels that tell them apart. */
function labelledPods(manifests: Manifest[]): Map<string, Manifest> {
  const pods = new Map<string, Manifest>()
  for (const { kind, metadata, spec } of manifests) {
    const { name } = metadata
    // As Knative and KServe label them.
    if (kind === 'Deployment') pods.set(name, spec.template.metadata.labels)
    if (kind === 'Service' && spec.template) pods.set(name, { 'serving.knative.dev/service': name })
    if (kind === 'InferenceService') pods.set(name, { 'serving.kserve.io/inferenceservice': name })
  }
  return pods
}

const selects = (wanted: Manifest, labels: Manifest): boolean =>
  Object.entries(wanted).every(([name, value]) => labels[name] === value)

for (const [name, manifests] of Object.entries(renderings)) {
  if (!name.includes('production')) continue
  describe(`the monitors as rendered for ${name}`, () => {
    const monitors = ofKind(manifests, 'PodMonitor')

    it('find each pod once', () => {
      const pods = labelledPods(manifests)
      assert.equal(pods.size, name.includes('events') ? 3 : 2)
      for (const [of, labels] of pods) {
        const own = monitors.filter(({ spec }) => selects(spec.selector.matchLabels, labels))
        assert.deepEqual(
          own.map(({ metadata }) => metadata.name),
          [of],
        )
      }
    })

    it('take a port that pods declare, and put that of the metrics in its place', () => {
      const declared = manifests
        .flatMap(podsOf)
        .flatMap(({ containers }) => containers[0].ports[0].containerPort)
      for (const { spec } of monitors) {
        const [endpoint] = spec.podMetricsEndpoints
        // Knative gives it this name.
        if (name.includes('knative')) assert.equal(endpoint.port, 'user-port')
        else assert.ok(declared.includes(endpoint.portNumber))
        const [ipv4, ipv6] = relabelled(endpoint, '__address__')
        const address = (ip: string) =>
          [ipv4, ipv6]
            .filter(({ regex }) => new RegExp(`^(?:${regex})$`).test(ip))
            .map(({ regex, replacement }) => ip.replace(new RegExp(regex), replacement))
        const port = gatewaySettings.metricsPort.fallback
        assert.deepEqual(address('10.1.2.3'), [`10.1.2.3:${port}`])
        assert.deepEqual(address('fd00::1'), [`[fd00::1]:${port}`])
      }
    })

    it('give the job by which rules and dashboards know the service', () => {
      for (const { metadata, spec } of monitors) {
        const job = metadata.name.replace(/-events$/, '')
        for (const endpoint of spec.podMetricsEndpoints) {
          assert.equal(relabelled(endpoint, 'job')[0].replacement, job)
          assert.equal(endpoint.honorLabels, false)
        }
      }
    })

    it('write what Argo CD would otherwise take for a change', () => {
      for (const { spec } of monitors) {
        for (const { relabelings } of spec.podMetricsEndpoints) {
          for (const { action } of relabelings) assert.equal(action, 'replace')
        }
      }
    })
  })
}

describe('the monitors', () => {
  it('knows services by their jobs, whatever their names are', () => {
    const [gateway, events, model] = ofKind(chart('gateway.name=g', 'model.name=m'), 'PodMonitor')
    assert.deepEqual(
      [gateway, events, model].map(({ metadata, spec }) => [
        metadata.name,
        relabelled(spec.podMetricsEndpoints[0], 'job')[0].replacement,
      ]),
      [
        ['g', 'ocr-gateway'],
        ['g-events', 'ocr-gateway'],
        ['m', 'ocr-model'],
      ],
    )
  })

  it('finds the gateway of another release', () => {
    const [gateway] = ofKind(chart(...standard, 'gateway.release=other'), 'PodMonitor')
    assert.equal(gateway.spec.selector.matchLabels['app.kubernetes.io/instance'], 'other')
  })

  it("fetches what Knative's proxy tells, if it is told to, as another job", () => {
    for (const { spec } of ofKind(chart('queueProxy=true'), 'PodMonitor')) {
      const [own, proxy] = spec.podMetricsEndpoints
      assert.equal(proxy.port, 'http-usermetric')
      const [job] = relabelled(own, 'job')
      assert.equal(relabelled(proxy, 'job')[0].replacement, `${job.replacement}-queue-proxy`)
      assert.deepEqual(relabelled(proxy, '__address__'), [])
    }
  })

  for (const set of [['queueProxy=true'], standard]) {
    it(`finds the same pods by Services (${set})`, () => {
      const [byPods, byServices] = [chart(...set), chart(...set, 'monitors=service')]
      assert.deepEqual(ofKind(byServices, 'PodMonitor'), [])
      const monitors = ofKind(byPods, 'PodMonitor')
      const services = ofKind(byServices, 'Service')
      assert.equal(services.length, monitors.length)
      for (const { metadata, spec } of ofKind(byServices, 'ServiceMonitor')) {
        const [monitor] = monitors.filter((one) => one.metadata.name === metadata.name)
        const own = services.filter((one) =>
          selects(spec.selector.matchLabels, one.metadata.labels),
        )
        assert.equal(own.length, 1)
        assert.equal(own[0].spec.clusterIP, 'None')
        assert.deepEqual(own[0].spec.selector, monitor.spec.selector.matchLabels)
        const jobs = ({ podMetricsEndpoints, endpoints = podMetricsEndpoints }: Manifest) =>
          endpoints.map((endpoint: Manifest) => relabelled(endpoint, 'job'))
        assert.deepEqual(jobs(spec), jobs(monitor.spec))
        const names = own[0].spec.ports.map(({ name }: Manifest) => name)
        assert.deepEqual(
          spec.endpoints.map(({ port }: Manifest) => port),
          names,
        )
        assert.equal(own[0].spec.ports[0].targetPort, gatewaySettings.metricsPort.fallback)
      }
    })
  }
})
