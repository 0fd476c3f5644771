import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { describe, it } from 'node:test'
import { pino } from 'pino'
import { OcrError } from '../contract/errors.ts'
import { observerFor } from './fixtures/observer.ts'
import { createEdge } from './http.ts'

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

function edge({ isDraining = false } = {}) {
  const lines: Array<Record<string, unknown>> = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)))
      done()
    },
  })
  const log = pino(sink)
  const app = createEdge({
    log,
    observer: observerFor(log),
    isDraining: () => isDraining,
    describeError: (error, requestId) => ({
      contentType: 'application/json',
      body: { says: error.message, requestId },
    }),
  })
  app.get('/fine/:id', (c) => c.text('fine'))
  app.get('/busy', () => {
    throw new OcrError('overloaded', 'Busy.', { retryAfterSeconds: 3 })
  })
  app.get('/broken', () => {
    throw new Error('secret detail')
  })
  return { app, lines }
}

describe('the edge', () => {
  it('echoes a sound request id and makes one otherwise', async () => {
    const { app } = edge()
    const withId = await app.request('/fine/1', { headers: { 'x-request-id': 'abc-1' } })
    assert.equal(withId.headers.get('x-request-id'), 'abc-1')
    const withBadId = await app.request('/fine/1', { headers: { 'x-request-id': 'a b{"c"}' } })
    assert.match(withBadId.headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/)
  })

  it('writes one line per request with the route and not the path', async () => {
    const { app, lines } = edge()
    await app.request('/fine/123?q=private', { headers: { traceparent, 'x-request-id': 'r1' } })
    assert.equal(lines.length, 1)
    const { ms, time, pid, hostname, level, ...rest } = lines[0] ?? {}
    assert.equal(typeof ms, 'number')
    assert.deepEqual(rest, {
      requestId: 'r1',
      traceId: traceparent.slice(3, 35),
      method: 'GET',
      route: '/fine/:id',
      status: 200,
      msg: 'request',
    })
  })

  it('answers an error by its kind, with the time to retry', async () => {
    const { app, lines } = edge()
    const response = await app.request('/busy', { headers: { 'x-request-id': 'r2' } })
    assert.equal(response.status, 429)
    assert.equal(response.headers.get('retry-after'), '3')
    assert.equal(response.headers.get('ocr-error-kind'), 'overloaded')
    assert.equal(response.headers.get('content-type'), 'application/json')
    assert.deepEqual(await response.json(), { says: 'Busy.', requestId: 'r2' })
    assert.equal(lines.at(-1)?.['error'], 'overloaded')
  })

  it('answers an unexpected error without its detail, which is in the log', async () => {
    const { app, lines } = edge()
    const response = await app.request('/broken')
    assert.equal(response.status, 500)
    assert.doesNotMatch(await response.text(), /secret/)
    assert.match(JSON.stringify(lines), /secret detail/)
  })

  it('answers an unknown path with 404', async () => {
    const { app } = edge()
    const response = await app.request('/nowhere')
    assert.equal(response.status, 404)
    assert.equal(response.headers.get('ocr-error-kind'), 'not_found')
  })

  it('tells by OPTIONS what a path takes', async () => {
    const response = await edge().app.request('/fine/1', { method: 'OPTIONS' })
    assert.equal(response.status, 204)
    assert.equal(response.headers.get('allow'), 'GET, HEAD')
  })

  it('answers another method with 405 and those that the path takes', async () => {
    const { app, lines } = edge()
    const response = await app.request('/fine/1', { method: 'PUT' })
    assert.equal(response.status, 405)
    assert.equal(response.headers.get('allow'), 'GET, HEAD')
    assert.equal(response.headers.get('ocr-error-kind'), 'method_not_allowed')
    assert.partialDeepStrictEqual(await response.json(), {
      says: '/fine/1 takes GET and HEAD only.',
    })
    assert.equal(lines.at(-1)?.['error'], 'method_not_allowed')
  })

  it('closes connections while the service is draining', async () => {
    const { app } = edge({ isDraining: true })
    const requestOver = (httpVersionMajor: number) =>
      app.request('/fine/1', {}, { incoming: { httpVersionMajor } })
    assert.equal((await requestOver(1)).headers.get('connection'), 'close')
    assert.equal((await requestOver(2)).headers.get('connection'), null)
    const serving = await edge().app.request('/fine/1')
    assert.equal(serving.headers.get('connection'), null)
  })
})
