import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { problemSchema } from '../../functions/contract/answers.ts'
import { eventTypes, recognizedDataSchema } from '../../functions/contract/events.ts'
import { renderText } from '../documents/render.ts'
import { answering, recordingServer, reset } from '../services/http-server.ts'
import { isRunning } from '../services/processes.ts'
import { pagesUnderWay } from '../services/progress.ts'
import { type Model, type Service, startGateway, startModel } from '../services/start.ts'
import { until } from '../services/until.ts'
import { createBroker, type Delivery, submitted } from './broker.ts'

const maxUploadBytes = 64 * 1024
const settings = { OCR_EVENTS: 'open', OCR_MAX_UPLOAD_BYTES: String(maxUploadBytes) }
const modelSettings = { OCR_ENGINE_PROCESSES: '2' }

const brokerFor = ({ url }: Service) =>
  createBroker({
    subscriber: `${url}/events`,
    retries: 8,
    backoffMs: 50,
    timeoutMs: 20_000,
    concurrency: 10,
  })

const hundred = Array.from({ length: 100 }, (_, index) => index)
const colours = ['black', 'brown', 'green', 'red', 'white', 'blue', 'gold', 'pink', 'gray', 'dark']
const things = [
  'river',
  'house',
  'horse',
  'boat',
  'bread',
  'stone',
  'table',
  'field',
  'hill',
  'sun',
]
const textOf = (index: number) => `${colours[index % 10]} ${things[Math.floor(index / 10)]}`

async function imageOf(text: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await renderText(text, { margin: 20 })).png().toBuffer())
}

/** Has the model go away and come back, now killed in the middle of a page and now stopped, until it is told to end. */
function restarting(first: Model, everyMs: number) {
  const over = new AbortController()
  let model = first
  let restarts = 0
  const leave = async () => {
    if (restarts % 2 === 1) return await model.stop()
    await until(() => pagesUnderWay(model) > 0 || over.signal.aborted || undefined)
    process.kill(model.pid, 'SIGKILL')
    return await once(model.child, 'exit')
  }
  const run = async () => {
    for (;;) {
      await pause(everyMs, undefined, { signal: over.signal }).catch(() => undefined)
      if (over.signal.aborted) return
      await leave()
      model = await startModel({ ...modelSettings, PORT: new URL(first.url).port })
      restarts++
    }
  }
  const running = run()
  return {
    async end() {
      over.abort()
      await running
      return { model, restarts }
    },
  }
}

describe('the broker of these tests', () => {
  const quick = { retries: 2, backoffMs: 1, timeoutMs: 200, concurrency: 1 }
  for (const [what, answer, statuses] of [
    ['takes an event for done', answering(202, ''), [202]],
    ['tries again after 404', answering(404, ''), [404, 404, 404]],
    ['tries again after 429', answering(429, ''), [429, 429, 429]],
    ['gives up after 410', answering(410, ''), [410]],
    ['does not follow', answering(302, '', { location: '/' }), [302]],
    ['tries again after an answer that is no event', answering(200, '{}'), [502, 502, 502]],
    ['tries again after no answer', reset, [500, 500, 500]],
    ['tries again when there is no time', () => undefined, [500, 500, 500]],
  ] as const) {
    it(what, async (t) => {
      const { origin, received } = await recordingServer(t, answer)
      const delivery = await createBroker({ subscriber: origin, ...quick }).publish(
        submitted({ id: 'a' }, Buffer.from('image')),
      )
      assert.deepEqual([delivery.statuses, delivery.reply], [statuses, undefined])
      const code = statuses[0] === 202 ? undefined : statuses[0]
      assert.equal(delivery.deadLetter?.knativeerrorcode, code)
      assert.equal(received.length, statuses.length)
      for (const { request } of received) assert.equal(request.headers['prefer'], 'reply')
    })
  }
})

describe('the gateway behind a broker', () => {
  let model: Model
  let gateway: Service
  before(async () => {
    model = await startModel(modelSettings)
    gateway = await startGateway(model, settings)
  })
  after(async () => {
    assert.equal(await gateway.stop(), 0)
    const engines = model.engines()
    assert.equal(await model.stop(), 0)
    await until(() => !engines.some(isRunning) || undefined)
    assert.deepEqual(model.workFiles(), [])
  })

  it('has 100 events that can never be read go to the dead-letter sink after one attempt each', async () => {
    const broker = brokerFor(gateway)
    const image = await imageOf('never read')
    const text = Buffer.from('This is no image.')
    const kinds = [
      { code: 415, event: (id: string) => submitted({ id }, text) },
      { code: 422, event: (id: string) => submitted({ id }, image.slice(0, image.length / 2)) },
      { code: 400, event: (id: string) => submitted({ id, specversion: '0.3' }, image) },
      { code: 413, event: (id: string) => submitted({ id }, new Uint8Array(maxUploadBytes + 1)) },
      { code: 413, event: (id: string) => submitted({ id }, new Uint8Array(2 ** 21)) },
    ] as const
    const kindOf = (index: number) => kinds[index % kinds.length] ?? assert.fail()
    const poison = hundred.map((index) => kindOf(index).event(`poison ${index}`.replace(' ', '-')))

    const deliveries = await Promise.all(poison.map(broker.publish))

    for (const [index, { statuses, reply, deadLetter }] of deliveries.entries()) {
      const { code } = kindOf(index)
      assert.deepEqual([statuses, reply], [[code], undefined])
      assert.equal(deadLetter?.knativeerrorcode, code)
      const why = Buffer.from(deadLetter?.knativeerrordata ?? '', 'base64').toString()
      assert.equal(problemSchema.parse(JSON.parse(why)).status, code)
    }
  })

  it('answers 100 events while the model goes away and comes back, each with one id', async (t) => {
    const other = await startGateway(model, settings)
    t.after(() => other.stop())
    const [broker, otherBroker] = [brokerFor(gateway), brokerFor(other)]
    const texts = new Map(hundred.map((index) => [`scan-${index}`, textOf(index)]))
    const events = await Promise.all(
      [...texts].map(async ([id, text]) => submitted({ id }, await imageOf(text))),
    )

    const outages = restarting(model, 2_500)
    const publishing: Array<Promise<Delivery>> = []
    for (const [index, event] of events.entries()) {
      publishing.push(broker.publish(event))
      // A broker may deliver an event twice, to the same pod or to another.
      if (index % 10 === 0) publishing.push(broker.publish(event))
      if (index % 10 === 5) publishing.push(otherBroker.publish(event))
      await pause(120)
    }
    await Promise.all(publishing)
    const ended = await outages.end()
    model = ended.model
    for (const event of events.filter((_, index) => index % 10 === 7)) {
      publishing.push(broker.publish(event), otherBroker.publish(event))
    }
    const deliveries = await Promise.all(publishing)

    const ids = new Map<string, string>()
    for (const { event, reply, statuses } of deliveries) {
      assert.ok(reply, `${event.id}: ${statuses}`)
      assert.equal(reply.type, eventTypes.recognized)
      assert.equal(reply['causationid'], event.id)
      assert.equal(recognizedDataSchema.parse(reply.data).text, texts.get(event.id))
      assert.equal(ids.get(event.id) ?? reply.id, reply.id)
      ids.set(event.id, reply.id)
    }
    assert.equal(deliveries.length, 140)
    assert.equal(ids.size, 100)
    assert.equal(new Set(ids.values()).size, 100)
    const attempts = deliveries.map(({ statuses }) => statuses.length)
    const failures = deliveries.flatMap(({ statuses }) => statuses).filter((one) => one !== 200)
    assert.ok(ended.restarts >= 2, `${ended.restarts} restarts`)
    assert.ok(failures.length > 0)
    t.diagnostic(
      `${ended.restarts} restarts; up to ${Math.max(...attempts)} attempts; failed with ${[...new Set(failures)]}, ${failures.length} in all`,
    )
  })
})
