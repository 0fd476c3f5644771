import assert from 'node:assert/strict'
import { type ClientHttp2Session, connect } from 'node:http2'
import { after, before, describe, it } from 'node:test'
import { Pool } from 'undici'
import { callWith } from '../../functions/model/fixtures/grpc.ts'
import { frame } from '../../functions/model/grpc/frames.ts'
import { receipt } from '../documents/corpus.ts'
import { createRandom } from '../documents/random.ts'
import { inferJson } from '../services/requests.ts'
import { type Model, type Service, startGateway, startModel } from '../services/start.ts'
import { fetchExposition, type Sample, seriesKey } from './exposition.ts'
import { heapBytes, inspected } from './heap.ts'
import {
  gatewayRequests,
  modelCalls,
  modelRequests,
  type RandomRequest,
} from './random-requests.ts'

const requests = 10_000
const atOnce = 24
/** Less than a kilobyte of each of a service's requests, which are some four thousand. */
const mostGrowth = 3 * 2 ** 20

let model: Model
let gateway: Service
let pools: readonly Pool[]
let session: ClientHttp2Session
/** Each sends another kind of request, with what chance puts into it. */
let kinds: ReadonlyArray<() => Promise<unknown>>

before(async () => {
  model = await startModel({ ...inspected, OCR_ENGINE_PROCESSES: '2' })
  gateway = await startGateway(model, { ...inspected, OCR_EVENTS: 'open' })
  const [toGateway, toModel] = [new Pool(gateway.url), new Pool(model.url)]
  pools = [toGateway, toModel]
  session = connect(model.url)
  const random = createRandom(1)
  kinds = [
    ...gatewayRequests.map((make) => () => exchange(toGateway, make(random))),
    ...modelRequests.map((make) => () => exchange(toModel, make(random))),
    ...modelCalls.map((make) => async () => {
      const { path, message } = make(random)
      return await callWith(session, path, await frame(message, undefined))
    }),
  ]
})
after(async () => {
  session.destroy()
  await Promise.all(pools.map((pool) => pool.destroy()))
  assert.deepEqual([await gateway.stop(), await model.stop()], [0, 0])
})

async function exchange(pool: Pool, request: RandomRequest): Promise<void> {
  const { body } = await pool.request(request as Parameters<Pool['request']>[0])
  await body.dump()
}

/** All kinds in turn, some of them at once. */
async function send(count: number): Promise<void> {
  let sent = 0
  const sendSome = async () => {
    while (sent < count) await kinds[sent++ % kinds.length]?.()
  }
  await Promise.all(Array.from({ length: atOnce }, sendSome))
}

/** Reads a page for every list of languages, two at a time, and has the metrics looked at with each of them loaded. */
async function readIn(lists: readonly string[]): Promise<void> {
  const image = await receipt(1)
  const left = [...lists]
  const readSome = async () => {
    for (let lang = left.shift(); lang; lang = left.shift()) {
      await inferJson(model, image, { parameters: { lang } })
      await samplesOf(model)
    }
  }
  await Promise.all([readSome(), readSome()])
}

const installed = ['eng', 'deu', 'fra', 'rus', 'ell']
/** Twenty-five, which is more than any metric tells apart. */
const pairs = installed.flatMap((one) =>
  installed.map((other) => (one === other ? one : `${one}+${other}`)),
)

/** All series but those of Node, which has one for each kind of thing that has been open. */
async function samplesOf(service: Service): Promise<Sample[]> {
  const { samples } = await fetchExposition(await service.metricsUrl())
  return samples.filter(({ name }) => !name.startsWith('nodejs_'))
}

const sumOf = (samples: readonly Sample[], name: RegExp): number =>
  samples.filter((sample) => name.test(sample.name)).reduce((sum, { value }) => sum + value, 0)

const seenRequests = /^(?:http_server_request|rpc_server_call)_duration_seconds_count$/

describe('after 10,000 requests with whatever a client can choose', () => {
  it('there is no series and no memory more than before', async () => {
    await readIn(pairs)
    await send(3_000)
    const services = [gateway, model]
    const before = await Promise.all(services.map(samplesOf))
    const heapBefore = await Promise.all(services.map(heapBytes))

    await send(requests)
    await readIn(['eng+deu+fra', 'fra+rus+eng', 'ell+eng+rus+deu'])

    const heapAfter = await Promise.all(services.map(heapBytes))
    const after = await Promise.all(services.map(samplesOf))
    const seen = sumOf(after.flat(), seenRequests) - sumOf(before.flat(), seenRequests)
    assert.ok(seen >= requests, `${seen} requests were counted`)
    for (const [index, samples] of after.entries()) {
      const known = new Set(before[index]?.map(seriesKey))
      assert.deepEqual(
        samples.map(seriesKey).filter((key) => !known.has(key)),
        [],
      )
      const growth = (heapAfter[index] ?? 0) - (heapBefore[index] ?? 0)
      assert.ok(growth < mostGrowth, `The heap has grown by ${growth} bytes`)
    }
  })
})
