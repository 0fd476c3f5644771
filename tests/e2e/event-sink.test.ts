import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { describe, it, type TestContext } from 'node:test'
import { eventTypes, recognizedDataSchema } from '../../functions/contract/events.ts'
import { answering, inTurn, recordingServer, reset } from '../services/http-server.ts'
import { pagesUnderWay } from '../services/progress.ts'
import type { Service } from '../services/start.ts'
import { until } from '../services/until.ts'
import { eventIn } from './broker.ts'
import { dense, gatewayFor, image, model } from './event-gateway.ts'

describe('a result for the sink', () => {
  const take = answering(202, '')

  async function sinkFor(t: TestContext, ...answers: RequestListener[]) {
    const server = await recordingServer(t, inTurn(...answers))
    const gateway = await gatewayFor(t, {
      K_SINK: `${server.origin}/ns/broker`,
      K_CE_OVERRIDES: '{"extensions":{"team":"scans"}}',
    })
    const events = () =>
      server.received.map(
        ({ request, body }) => eventIn(request.headers, body.toString()) ?? assert.fail(),
      )
    return { server, gateway, events }
  }

  const ask = (gateway: Service, query: string, body = image) =>
    fetch(`${gateway.url}/v1/ocr?${query}`, { method: 'POST', body })

  it('arrives although the sink is down, breaks off and is busy at first', async (t) => {
    const { server, gateway, events } = await sinkFor(t, reset, answering(503, ''), take)
    await server.stop()
    const answer = await ask(gateway, 'notify=true&format=text')
    assert.deepEqual([answer.status, (await answer.text()).trim()], [200, 'Total 12.50'])
    await server.restart()
    await until(() => events().length === 3 || undefined)
    const [event = assert.fail()] = events()
    assert.deepEqual([event['team'], event.type], ['scans', eventTypes.recognized])
    assert.equal(event['correlationid'], answer.headers.get('x-request-id'))
    assert.equal(recognizedDataSchema.parse(event.data).text, 'Total 12.50')
    assert.equal(new Set(events().map(({ id }) => id)).size, 1)
  })

  it('of a request that does not wait is there and at the place that was named', async (t) => {
    const { gateway, events } = await sinkFor(t, take)
    const answer = await ask(gateway, 'async=true')
    assert.equal(answer.status, 202)
    const location = answer.headers.get('location') ?? ''
    const result = await until(async () => {
      const found = await fetch(`${gateway.url}${location}`)
      return found.status === 202 ? undefined : found
    })
    assert.equal(result.status, 200)
    const data = recognizedDataSchema.parse(await result.json())
    assert.equal(data.text, 'Total 12.50')
    await until(() => events().length === 1 || undefined)
    const [event = assert.fail()] = events()
    assert.deepEqual([event['team'], event['causationid']], ['scans', location.split('/').at(-1)])
    assert.deepEqual(event.data, data)
  })

  it('of each request that does not wait is there, of more than the model takes at once', async (t) => {
    const { gateway, events } = await sinkFor(t, take)
    const answers = await Promise.all(Array.from({ length: 40 }, () => ask(gateway, 'async=true')))
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([202]))
    await until(() => events().length === 40 || undefined)
    assert.deepEqual(new Set(events().map(({ type }) => type)), new Set([eventTypes.recognized]))
  })

  it('arrives before a gateway that is told to stop has ended', async (t) => {
    const { gateway, events } = await sinkFor(t, take)
    assert.equal((await ask(gateway, 'async=true', dense)).status, 202)
    await until(() => pagesUnderWay(model) > 0 || undefined)
    assert.equal(await gateway.stop(), 0)
    const [event = assert.fail(), ...others] = events()
    assert.deepEqual([event.type, others], [eventTypes.recognized, []])
  })

  it('is asked for in vain where there is no sink', async (t) => {
    const gateway = await gatewayFor(t)
    assert.equal((await ask(gateway, 'async=true')).status, 400)
  })
})
