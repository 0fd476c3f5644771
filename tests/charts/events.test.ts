import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eventTypes } from '../../functions/contract/events.ts'
import { eventsRoute } from '../../functions/gateway/api/routes/events.ts'
import { type Manifest, notesOf, ofKind, openTo, podsOf, render, renderings } from './render.ts'

const chart = (...set: string[]): Manifest[] =>
  render('knative', ...openTo.knative, ...set.flatMap((value) => ['--set', value]))
const withEvents = (...set: string[]) => chart('events.enabled=true', ...set)

const named = (manifests: Manifest[], name: string): Manifest =>
  ofKind(manifests, 'Service').find(({ metadata }) => metadata.name === name)
const main = (manifests: Manifest[]) => named(manifests, 'ocr-gateway')
const events = (manifests: Manifest[]) => named(manifests, 'ocr-gateway-events')
const trigger = (manifests: Manifest[]) => ofKind(manifests, 'Trigger')[0]

/** Variables of the pods of a resource, by their names. */
const variables = (manifest: Manifest): Readonly<Record<string, string>> =>
  Object.fromEntries(
    podsOf(manifest)[0].containers[0].env.map(({ name, value }: Manifest) => [name, value]),
  )
const seconds = (duration: string): number => Number(/^PT(\d+)S$/.exec(duration)?.[1])

describe('the gateway without events', () => {
  for (const [name, manifests] of Object.entries(renderings)) {
    if (name.includes('events')) continue
    it(`has nothing of Knative Eventing (${name})`, () => {
      // Rules and dashboards show all that there may be.
      const services = manifests.filter(({ kind }) => !/^(?:ConfigMap|PrometheusRule)$/.test(kind))
      assert.doesNotMatch(JSON.stringify(services), /eventing|OCR_EVENT|K_SINK/)
    })
  }
})

describe('the gateway with events', () => {
  const manifests = withEvents()

  it('takes them by a second Service, which is reached inside the cluster only', () => {
    const visibility = 'networking.knative.dev/visibility'
    assert.equal(events(manifests).metadata.labels[visibility], 'cluster-local')
    assert.equal(variables(events(manifests))['OCR_EVENTS'], 'open')
    assert.equal(variables(events(manifests))['OCR_EVENT_SOURCE'], '/namespaces/ocr/ocr-gateway')
  })

  it('has the first Service as it is without them', () => {
    assert.deepEqual(main(manifests), main(chart()))
  })

  it('has the same pods in both but for their requests and the events', () => {
    const [one, other] = [main(manifests), events(manifests)].map((service) => podsOf(service)[0])
    const own = /^OCR_(?:EVENT.*|MAX_REQUESTS)$/
    for (const pod of [one, other]) {
      const [container] = pod.containers
      container.env = container.env.filter(({ name }: Manifest) => !own.test(name))
      pod.containerConcurrency = 0
    }
    assert.deepEqual(one, other)
  })

  it('scales for them as its values say, and else as without them', () => {
    const rendered = withEvents('events.scale.requests=5', 'scale.window=30s', 'scale.min=2')
    const { metadata, spec } = events(rendered).spec.template
    assert.equal(spec.containerConcurrency, 5)
    assert.equal(variables(events(rendered))['OCR_MAX_REQUESTS'], '6')
    assert.equal(metadata.annotations['autoscaling.knative.dev/window'], '30s')
    assert.equal(metadata.annotations['autoscaling.knative.dev/min-scale'], '0')
  })

  it('has a policy for the pods of both', () => {
    const { matchLabels } = ofKind(manifests, 'NetworkPolicy')[0].spec.podSelector
    for (const { spec } of [main(manifests), events(manifests)]) {
      assert.deepEqual({ ...spec.template.metadata.labels, ...matchLabels }, matchLabels)
    }
  })

  it('brings those of the type that it takes to the path that is served', () => {
    for (const [set, type] of [
      [[], eventTypes.submitted],
      [['events.type=org.example.scanned'], 'org.example.scanned'],
    ] as const) {
      const rendered = withEvents(...set)
      const { filters, subscriber } = trigger(rendered).spec
      assert.deepEqual(filters, [{ exact: { type } }])
      assert.equal(variables(events(rendered))['OCR_EVENT_TYPE'], type)
      const { apiVersion, kind, metadata } = events(rendered)
      assert.deepEqual(subscriber.ref, { apiVersion, kind, name: metadata.name })
      assert.equal(subscriber.uri, eventsRoute.path)
    }
  })

  it('waits for the answer to an event longer than there is time for one', () => {
    for (const timeout of [160, 600]) {
      const rendered = withEvents(`timeout=${timeout}`)
      const { timeoutSeconds } = events(rendered).spec.template.spec
      const gatewayMs = Number(variables(events(rendered))['OCR_REQUEST_TIMEOUT_MS'])
      assert.ok(seconds(trigger(rendered).spec.delivery.timeout) > timeoutSeconds)
      assert.ok(timeoutSeconds * 1000 > gatewayMs)
    }
  })

  it('has a broker that does not keep producers waiting for it', () => {
    const [{ metadata }] = ofKind(manifests, 'Broker')
    assert.equal(metadata.name, trigger(manifests).spec.broker)
    assert.equal(metadata.annotations['messaging.knative.dev/async-handler'], 'true')
  })

  it('takes them from a broker that is there already', () => {
    const rendered = withEvents('events.broker.create=false', 'events.broker.name=default')
    assert.deepEqual(ofKind(rendered, 'Broker'), [])
    assert.equal(trigger(rendered).spec.broker, 'default')
  })

  it('keeps what could not be read where it is told to, and says so when it is not', () => {
    const uri = 'http://dead.example.org'
    const kept = `events.deadLetterSink.uri=${uri}`
    const { deadLetterSink, ...delivery } = trigger(withEvents(kept)).spec.delivery
    assert.deepEqual(deadLetterSink, { uri })
    assert.deepEqual(trigger(manifests).spec.delivery, delivery)
    assert.deepEqual(Object.keys(delivery), ['retry', 'backoffPolicy', 'backoffDelay', 'timeout'])
    const enabled = [...openTo.knative, '--set', 'events.enabled=true']
    assert.match(notesOf('knative', ...enabled), /is lost/)
    assert.doesNotMatch(notesOf('knative', ...enabled, '--set', kept), /is lost/)
  })

  it('cannot have them without Knative', () => {
    assert.throws(() => withEvents('mode=standard'), /events\.enabled needs mode=knative/)
  })

  for (const [problem, set] of [
    ['a type of results, which would come back for ever', `events.type=${eventTypes.recognized}`],
    ['the other type of results', `events.type=${eventTypes.failed}`],
    ['a type that is none', 'events.type=a b'],
    ['a type that is said otherwise as well', 'settings.OCR_EVENT_TYPE=org.example.scanned'],
    ['a delay that is no ISO duration', 'events.delivery.backoffDelay=2s'],
    ['a dead letter sink that is none', 'events.deadLetterSink.url=http://dead.example.org'],
    ['a sink that is none', 'sink=ftp://example.org'],
  ] as const) {
    it(`refuses ${problem}`, () => {
      assert.throws(() => withEvents(set), /settings\.OCR_EVENT_TYPE|at '\/(?:events|sink)/)
    })
  }
})

describe('the storage of documents that events name', () => {
  it('is known to all pods by a Secret, or by the account', () => {
    const annotations =
      'serviceAccount.annotations.eks\\.amazonaws\\.com/role-arn=arn:aws:iam::1:role/ocr'
    const rendered = withEvents('settingsSecret=ocr-storage', annotations)
    for (const service of [main(rendered), events(rendered)]) {
      const { envFrom } = podsOf(service)[0].containers[0]
      assert.deepEqual(envFrom, [{ secretRef: { name: 'ocr-storage' } }])
    }
    const account = rendered.find(({ kind }) => kind === 'ServiceAccount')
    assert.deepEqual(account.metadata.annotations, {
      'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/ocr',
    })
  })
})

describe('the sink of the gateway', () => {
  const url = 'http://broker-ingress.knative-eventing.svc.cluster.local/ocr/results'

  for (const mode of ['knative', 'standard']) {
    it(`is known to it and may be called (${mode})`, () => {
      const manifests = chart(`sink=${url}`, `mode=${mode}`)
      const pod = manifests.find((manifest) => podsOf(manifest).length > 0)
      assert.equal(variables(pod)['K_SINK'], url)
      const { egress } = ofKind(manifests, 'NetworkPolicy')[0].spec
      assert.match(JSON.stringify(egress), /"kubernetes.io\/metadata.name":"knative-eventing"/)
    })
  }

  it('is known to the pods that take events, whose results have the same source', () => {
    const rendered = withEvents(`sink=${url}`)
    const [one, other] = [main(rendered), events(rendered)].map(variables)
    assert.equal(other?.['K_SINK'], url)
    assert.equal(one?.['OCR_EVENT_SOURCE'], other?.['OCR_EVENT_SOURCE'])
  })

  it('and the places of documents may be anywhere, if the policy is told', () => {
    const block = 'networkPolicy.egress[0].to[0].ipBlock.cidr=10.1.0.0/16'
    const { egress } = ofKind(chart(block), 'NetworkPolicy')[0].spec
    assert.deepEqual(egress.at(-1), { to: [{ ipBlock: { cidr: '10.1.0.0/16' } }] })
  })
})
