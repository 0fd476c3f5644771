import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import {
  create,
  eventsGateway,
  gateway,
  install,
  loggedRequests,
  model,
  namespace,
  untilReady,
} from './cluster.ts'
import { type EventListener, listenForEvents, type ReceivedEvent } from './event-listener.ts'
import { ingress, readAndNotify, submit } from './requests.ts'

const recognized = 'dev.ocr.document.recognized'
const source = `/namespaces/${namespace}/${gateway}`

/** Takes results from the broker to a listener of the tests. */
const triggerTo = (uri: string) => ({
  apiVersion: 'eventing.knative.dev/v1',
  kind: 'Trigger',
  metadata: { name: 'results' },
  spec: {
    broker: 'ocr-documents',
    filters: [{ exact: { type: recognized } }],
    subscriber: { uri },
  },
})

function assertResult({ attributes, data }: ReceivedEvent): void {
  assert.equal(attributes['type'], recognized)
  assert.equal(attributes['source'], source)
  assert.match(data, /Green Valley Seeds/)
}

/** Describes what comes of events, and of results that go to a sink. */
export function describeEvents(invoice: Buffer): void {
  describe('takes events', () => {
    let listener: EventListener
    const resultsOf = (cause: string, count: number) =>
      listener.until(count, (event) => {
        return event.path === '/results' && event.attributes['causationid'] === cause
      })

    before(async () => {
      listener = await listenForEvents({ clusterUrl: ingress })
      const { url } = listener
      const uris = `gateway.events.deadLetterSink.uri=${url}/dead,gateway.sink=${url}/sink`
      assert.deepEqual(await install('--set', uris), [])
      assert.deepEqual(await create([triggerTo(`${url}/results`)]), [])
      await untilReady()
      // What the broker runs hears of a Trigger a moment later.
      await pause(2_000)
    })
    after(() => listener[Symbol.asyncDispose]())

    it('and answers with the result, for which no producer waits', async (t) => {
      const { status, text, ms } = await submit('one', invoice)
      assert.equal(status, 202, text)
      const [result] = await resultsOf('one', 1)
      assert.ok(result)
      assertResult(result)
      t.diagnostic(`taken by the broker in ${Math.round(ms)} ms`)
    })

    it('and has what is no document delivered once, and then kept as a dead letter', async () => {
      const since = new Date()
      await submit('poison', Buffer.from('This is no image.'))
      const [dead] = await listener.until(1, ({ path }) => path === '/dead')
      assert.equal(dead?.attributes['id'], 'poison')
      assert.equal(dead.data, 'This is no image.')
      const code = dead.attributes['knativeerrorcode']
      assert.match(code ?? '', /^(?:400|415|422)$/)
      const pods = { selector: `serving.knative.dev/service=${eventsGateway}`, since }
      const requests = await loggedRequests({ ...pods, container: 'gateway' })
      const statuses = requests.filter(({ route }) => route === '/events').map((it) => it.status)
      assert.deepEqual(statuses, [Number(code)])
    })

    it('and reads one that comes ten times once, with one result', async () => {
      const since = new Date()
      const sent = await Promise.all(Array.from({ length: 10 }, () => submit('again', invoice)))
      for (const { status } of sent) assert.equal(status, 202)
      const results = await resultsOf('again', 10)
      for (const result of results) assertResult(result)
      assert.equal(new Set(results.map(({ attributes }) => attributes['id'])).size, 1)
      const pods = { selector: `serving.kserve.io/inferenceservice=${model}`, since }
      const requests = await loggedRequests({ ...pods, container: 'kserve-container' })
      assert.equal(requests.filter(({ route }) => route.endsWith('/infer')).length, 1)
    })

    it('and sends the result of a request to the sink when that is asked for', async () => {
      const { status, text } = await readAndNotify(invoice)
      assert.equal(status, 200, text.slice(0, 300))
      const [result] = await listener.until(1, ({ path }) => path === '/sink')
      assert.ok(result)
      assertResult(result)
    })
  })
}
