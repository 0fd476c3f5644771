import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { pdfOf } from '../documents/containers.ts'
import { renderText } from '../documents/render.ts'
import { messageOf, submitted } from '../e2e/broker.ts'
import { type OtlpReceiver, startOtlpReceiver } from '../e2e/otlp-receiver.ts'
import { type Service, startGateway, startModel } from '../services/start.ts'
import { pathTo, treeProblems } from './span-tree.ts'

/** What a caller says of its own trace. */
const callerOf = (digit: string) => {
  const [traceId, spanId] = [digit.repeat(32), digit.repeat(16)]
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-01` }
}
const request = callerOf('a')
const longRequest = callerOf('b')
const event = callerOf('c')
const eventOfAnother = callerOf('d')

let receiver: OtlpReceiver
let services: { readonly gateway: Service; readonly model: Service }

before(async () => {
  receiver = await startOtlpReceiver()
  const tracing = {
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
  }
  const model = await startModel({ OCR_ENGINE_PROCESSES: '2', ...tracing })
  const gateway = await startGateway(model, { OCR_EVENTS: 'open', ...tracing })
  services = { gateway, model }
  const image = new Uint8Array(readFileSync('examples/invoice.png'))
  const pages = await Promise.all(['One', 'Two', 'Three'].map((text) => renderText(text)))
  const pdf = new Uint8Array(await pdfOf(pages))

  const ocr = (body: typeof image, { traceparent }: typeof request) =>
    fetch(`${gateway.url}/v1/ocr`, { method: 'POST', body, headers: { traceparent } })
  const send = ({ traceparent }: typeof request, headers: Record<string, string>) => {
    const message = messageOf(submitted({ id: traceparent, traceparent }, image))
    return fetch(`${gateway.url}/events`, {
      ...message,
      headers: { ...message.headers, ...headers },
    })
  }
  const statuses = [
    (await ocr(image, request)).status,
    (await ocr(pdf, longRequest)).status,
    (await send(event, { traceparent: event.traceparent })).status,
    (await send(eventOfAnother, {})).status,
  ]
  assert.deepEqual(statuses, [200, 200, 202, 202])
  // What has not been sent is sent at the end.
  assert.deepEqual([await gateway.stop(), await model.stop()], [0, 0])
})
after(() => receiver[Symbol.asyncDispose]())

const spansOf = ({ traceId }: typeof request) =>
  receiver.spans.filter((span) => span.traceId === traceId)

/** How the spans of that name are reached from the caller's. */
function pathsTo(name: string, caller: typeof request): string[][] {
  const spans = spansOf(caller)
  return spans.filter((span) => span.name === name).map((span) => pathTo(span, spans))
}

describe('a trace that a caller has begun', () => {
  for (const [what, caller, first, pages] of [
    ['a request', request, 'POST /v1/ocr', 1],
    ['a request for a long document', longRequest, 'POST /v1/ocr', 3],
    ['an event', event, 'process event', 1],
    ['an event that a request of another trace brought', eventOfAnother, 'process event', 1],
  ] as const) {
    it(`has ${what} as one tree through both services`, () => {
      assert.deepEqual(treeProblems(spansOf(caller), caller.spanId), [])
      const readPage = [
        `ocr-gateway ${first}`,
        'ocr-gateway model recognize',
        'ocr-model POST /v2/models/:model/infer',
        'ocr-model page',
      ]
      for (const name of ['queue', 'recognize', 'engine']) {
        const paths = pathsTo(name, caller).filter((path) => path.includes('ocr-model page'))
        assert.equal(paths.length, pages, name)
        for (const path of paths) assert.deepEqual(path.slice(0, 4), readPage, name)
      }
    })
  }

  const isInLog = (service: 'gateway' | 'model', traceId: string) =>
    assert.ok(services[service].log().includes(`"traceId":"${traceId}"`), `${service} ${traceId}`)

  it('is in the lines of both logs', () => {
    for (const { traceId } of [request, longRequest, event, eventOfAnother]) {
      isInLog('gateway', traceId)
      isInLog('model', traceId)
    }
  })

  it('leads from an event to the request that brought it', () => {
    const [consumer = assert.fail()] = spansOf(eventOfAnother).filter(
      ({ kind }) => kind === 'consumer',
    )
    const [link = assert.fail()] = consumer.links
    const bringer = receiver.spans.find(({ spanId }) => spanId === link.spanId)
    assert.equal(bringer?.name, 'POST /events')
  })
})
