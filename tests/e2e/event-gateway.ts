import assert from 'node:assert/strict'
import { after, before, type TestContext } from 'node:test'
import type { CloudEvent } from 'cloudevents'
import { problemSchema } from '../../functions/contract/answers.ts'
import { type RecognizedData, recognizedDataSchema } from '../../functions/contract/events.ts'
import { densePage } from '../documents/corpus.ts'
import { renderText } from '../documents/render.ts'
import { isRunning } from '../services/processes.ts'
import { readingsOf } from '../services/progress.ts'
import { type Model, type Service, startGateway, startModel } from '../services/start.ts'
import { until } from '../services/until.ts'
import { eventIn, messageOf, submitted } from './broker.ts'

// What tests of events share: a model and images for the whole file, gateways for a test, and how answers are told.

export const MiB = 2 ** 20
/** Nobody listens there. */
export const nobody = 'http://127.0.0.1:1'
type Message = ReturnType<typeof messageOf>

export let model: Model
export let image: Uint8Array<ArrayBuffer>
export let dense: Uint8Array<ArrayBuffer>
before(async () => {
  image = new Uint8Array(await (await renderText('Total 12.50')).png().toBuffer())
  dense = new Uint8Array(await densePage())
  model = await startModel({ OCR_ENGINE_PROCESSES: '2' })
})
after(async () => {
  const engines = model.engines()
  assert.equal(engines.length, 2)
  assert.equal(await model.stop(), 0)
  assert.deepEqual(engines.filter(isRunning), [])
  assert.deepEqual(model.workFiles(), [])
})

/** A gateway that takes events, until the test ends. */
export async function gatewayFor(
  t: TestContext,
  settings: Record<string, string> = {},
  of: Pick<Model, 'inferUrl'> = model,
): Promise<Service> {
  const gateway = await startGateway(of, { OCR_EVENTS: 'open', ...settings })
  t.after(async () => assert.equal(await gateway.stop(), 0))
  return gateway
}

/** Sends an event as a broker does. */
export const send = (gateway: Service, { headers, ...rest }: Message): Promise<Response> =>
  fetch(`${gateway.url}/events`, { ...rest, headers: { prefer: 'reply', ...headers } })

export const sendDocument = (gateway: Service, id: string, document = image) =>
  send(gateway, messageOf(submitted({ id }, document)))

export async function replyIn(answer: Response): Promise<CloudEvent<unknown>> {
  const body = await answer.text()
  assert.equal(answer.status, 200, body)
  return eventIn(Object.fromEntries(answer.headers), body) ?? assert.fail(body)
}

export const recognizedIn = async (answer: Response): Promise<RecognizedData> =>
  recognizedDataSchema.parse((await replyIn(answer)).data)

/** A failure is told by a status and as a problem, and never as an event or a page for browsers. */
export async function problemIn(answer: Response, what?: string): Promise<string> {
  assert.equal(answer.headers.get('content-type'), 'application/problem+json', what)
  assert.equal(answer.headers.get('ce-id'), null, what)
  const { code, status } = problemSchema.parse(await answer.json())
  assert.equal(status, answer.status, what)
  return `${status} ${code}`
}

let counts = 0
/** How often the model has read something, but for the last line of its log that tells that all others are there. */
export async function readingsBy(gateway: Service): Promise<number> {
  const last = await sendDocument(gateway, `count ${++counts}`)
  const requestId = last.headers.get('x-request-id') ?? assert.fail()
  await until(() => model.log().includes(requestId) || undefined)
  return readingsOf(model) - counts
}
