import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { formats } from '../../functions/contract/answer-formats.ts'
import { messageOf, submitted } from '../e2e/broker.ts'
import { busyEngine } from '../services/progress.ts'
import type { Model, Service } from '../services/start.ts'
import { until } from '../services/until.ts'
import type { BreakingProxy } from './breaking-proxy.ts'
import type { Documents, File } from './documents.ts'
import { type Outside, refusedId } from './outside.ts'

/** Requests of one caller in a minute, as the gateway is to be set. */
export const callerRate = 20

type Init = RequestInit & { readonly headers?: Record<string, string> }

let callers = 0
/** As if it came from somebody else than all before. */
const newCaller = (): string => `192.0.2.${++callers % 256}`

/** Sends a request, and takes the whole answer in. */
async function send(
  gateway: Service,
  path: string,
  { headers, ...init }: Init = {},
): Promise<Response> {
  const from = { 'x-forwarded-for': newCaller() }
  const answer = await fetch(gateway.url + path, { ...init, headers: { ...from, ...headers } })
  await answer.arrayBuffer()
  return answer
}

async function expectStatus(status: number, answer: Promise<Response>): Promise<void> {
  const { status: actual, url } = await answer
  assert.equal(actual, status, url)
}

const post = (gateway: Service, query: string, body: File) =>
  send(gateway, `/v1/ocr?${query}`, { method: 'POST', body })

/** Every format, each kind of document, and whatever is done to a page. */
export async function readDocuments(gateway: Service, documents: Documents): Promise<void> {
  const { invoice, receipt, otherTypes, blank, faint, partlyDamaged } = documents
  await expectStatus(200, send(gateway, '/v1/languages'))
  for (const format of formats) {
    await expectStatus(200, post(gateway, `format=${format}`, receipt))
    await expectStatus(200, post(gateway, `format=${format}`, partlyDamaged))
  }
  for (const file of [invoice, ...otherTypes]) await expectStatus(200, post(gateway, '', file))
  await expectStatus(200, post(gateway, 'psm=6', blank))
  await expectStatus(200, post(gateway, 'profile=best&rotate=auto', faint))
}

/** What is refused. */
export async function askInVain(gateway: Service, documents: Documents): Promise<void> {
  const { receipt, damaged, noImage } = documents
  await expectStatus(404, send(gateway, '/nothing'))
  await expectStatus(405, send(gateway, '/v1/ocr', { method: 'DELETE' }))
  await expectStatus(400, post(gateway, 'psm=99', receipt))
  await expectStatus(400, post(gateway, 'lang=xyz', receipt))
  await expectStatus(415, post(gateway, '', noImage))
  await expectStatus(422, post(gateway, '', damaged))
  const headers = { 'x-forwarded-for': newCaller() }
  const statuses = await Promise.all(
    Array.from({ length: callerRate + 1 }, async () => {
      return (await send(gateway, '/v1/languages', { headers })).status
    }),
  )
  assert.deepEqual([...new Set(statuses)].toSorted(), [200, 429])
}

/** Goes away in the middle of a page. */
export async function leaveEarly(
  gateway: Service,
  model: Model,
  documents: Documents,
): Promise<void> {
  const leaving = new AbortController()
  const { signal } = leaving
  const answer = send(gateway, '/v1/ocr', { method: 'POST', body: documents.dense, signal })
  await Promise.all([
    assert.rejects(answer, { name: 'AbortError' }),
    busyEngine(model).then(() => leaving.abort()),
  ])
}

/** Has a connection break that the gateway asks the model by, which the caller is not to notice. */
export async function losePoolConnection(
  gateway: Service,
  documents: Documents,
  proxy: BreakingProxy,
): Promise<void> {
  proxy.breakNext()
  await expectStatus(200, post(gateway, '', documents.receipt))
}

/**
 * More requests at once than the model has room for.
 * @param room that it has
 */
export async function overload(
  gateway: Service,
  documents: Documents,
  room: number,
): Promise<void> {
  const answers = Array.from({ length: 2 * room }, () => post(gateway, '', documents.receipt))
  const statuses = (await Promise.all(answers)).map(({ status }) => status)
  assert.deepEqual([...new Set(statuses)].toSorted(), [200, 429])
}

/**
 * Opens more connections than a service takes, until it has closed one of them.
 * @param limit of its connections
 */
export async function crowd({ url }: Service, limit: number): Promise<void> {
  const { hostname, port } = new URL(url)
  const sockets = Array.from({ length: limit + 1 }, () => connect(Number(port), hostname))
  try {
    await Promise.any(sockets.map((socket) => once(socket.resume(), 'close')))
  } finally {
    for (const socket of sockets) socket.destroy()
  }
}

let events = 0

/** Events that are read, come again, can never be read or not now; and results for the sink. */
export async function sendEvents(
  gateway: Service,
  documents: Documents,
  outside: Outside,
): Promise<void> {
  const { receipt, noImage } = documents
  const source = `/scans/${++events}`
  const event = (attributes: object, document?: File) =>
    send(gateway, '/events', messageOf(submitted({ source, ...attributes }, document)))
  const before = outside.events.length
  await expectStatus(202, event({ id: 'first' }, receipt))
  await expectStatus(202, event({ id: 'first' }, receipt))
  await expectStatus(415, event({ id: 'no image' }, noImage))
  await expectStatus(202, event({ id: 'named', dataref: `${outside.origin}/image` }))
  await expectStatus(503, event({ id: 'not now', dataref: `${outside.origin}/broken` }))

  const refused = { method: 'POST', body: receipt, headers: { 'x-request-id': refusedId } }
  await expectStatus(200, send(gateway, '/v1/ocr?notify=true', refused))
  await expectStatus(202, post(gateway, 'async=true', receipt))
  await until(() => outside.events.length >= before + 4 || undefined)
}
