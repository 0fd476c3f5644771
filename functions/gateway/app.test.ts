import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { languagesSchema, problemSchema } from '../contract/answers.ts'
import { errorKinds, errorTable, OcrError } from '../contract/errors.ts'
import { eventTypes } from '../contract/events.ts'
import type { OcrResult } from '../contract/ocr-tensors.ts'
import { createAdmission } from '../platform/admission.ts'
import {
  answering,
  failing,
  fileIn,
  gateway,
  modelFacts,
  reading,
  unavailable,
} from './fixtures/gateway.ts'
import { resultOf } from './fixtures/results.ts'
import type { Call } from './upstream/call.ts'

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

/** An event with a file. */
const eventIn = (headers: Record<string, string>) => {
  const attributes = { specversion: '1.0', type: eventTypes.submitted, source: '/scans', id: '1' }
  const named = Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value])
  return fileIn({ prefer: 'reply', ...Object.fromEntries(named), ...headers })
}

describe('the gateway', () => {
  it('answers its probes without asking for the model, or who asks', async () => {
    const { request } = gateway({
      recognize: () => assert.fail('the model was called'),
      access: { enter: () => assert.fail('a key was asked for') },
    })
    for (const [path, status] of [
      ['/livez', 'alive'],
      ['/readyz', 'ready'],
    ] as const) {
      const response = await request(path)
      assert.equal(response.status, 200)
      assert.deepEqual(await response.json(), { status })
    }
  })

  it('answers with the document and the times', async () => {
    const { request, asked } = gateway({ recognize: reading(2) })
    const response = await request('/v1/ocr', fileIn())
    assert.equal(response.status, 200)
    const { document, timings } = resultOf([1, 2])
    assert.deepEqual(await response.json(), { ...document, timings })
    assert.equal(asked.length, 1)
    assert.equal(Buffer.from(asked[0]?.request.image ?? []).toString(), 'image bytes')
  })

  it('answers with the languages of the model', async () => {
    const { request, held } = gateway()
    const response = await request('/v1/languages')
    assert.equal(response.status, 200)
    const answer = await response.json()
    assert.deepEqual(languagesSchema.parse(answer), answer)
    assert.equal(held.visits, 0)
  })

  it('passes the request id and the trace context on, and answers with the id', async () => {
    const calls: Call[] = []
    const languages: typeof modelFacts.languages = (call) => {
      calls.push(call)
      return modelFacts.languages(call)
    }
    const { request, asked } = gateway({ modelFacts: { ...modelFacts, languages } })
    const headers = { 'x-request-id': 'r1', traceparent, tracestate: 'a=1', cookie: 'secret' }
    for (const response of [
      await request('/v1/ocr', fileIn(headers)),
      await request('/v1/languages', { headers }),
    ]) {
      assert.equal(response.headers.get('x-request-id'), 'r1')
    }
    const passedOn = { 'x-request-id': 'r1', traceparent, tracestate: 'a=1' }
    for (const { headers } of [...asked.map(({ call }) => call), ...calls]) {
      assert.deepEqual(headers, passedOn)
    }
    assert.equal(asked.length + calls.length, 2)
  })

  it('lets a slash at the end of a path make no difference', async () => {
    const { request } = gateway()
    assert.equal((await request('/v1/ocr/', fileIn())).status, 200)
    assert.equal((await request('/livez/')).status, 200)
  })
})

describe('an error of the gateway', () => {
  it('is a problem with the kind and the time to wait in its headers', async () => {
    const { request } = gateway({ recognize: failing(unavailable) })
    const response = await request('/v1/ocr', fileIn({ 'x-request-id': 'r1' }))
    assert.equal(response.status, 503)
    assert.equal(response.headers.get('content-type'), 'application/problem+json')
    assert.equal(response.headers.get('retry-after'), '2')
    assert.equal(response.headers.get('ocr-error-kind'), 'model_unavailable')
    assert.deepEqual(await response.json(), {
      type: 'urn:ocr:problem:model_unavailable',
      title: 'The model cannot be reached',
      status: 503,
      detail: 'Not there.',
      code: 'model_unavailable',
      requestId: 'r1',
    })
  })

  it('is as the contract says, whatever the model says', async () => {
    for (const kind of errorKinds) {
      const { request } = gateway({ recognize: failing(new OcrError(kind, 'So it is.')) })
      const response = await request('/v1/ocr', fileIn())
      assert.equal(response.status, errorTable[kind].status)
      const problem = await response.json()
      assert.deepEqual(problemSchema.parse(problem), problem)
      assert.equal(problemSchema.parse(problem).code, kind)
    }
  })

  it('tells nothing of what was not foreseen', async () => {
    const { request } = gateway({ recognize: failing(new TypeError('no /var/secret')) })
    const response = await request('/v1/ocr', fileIn())
    assert.equal(response.status, 500)
    assert.doesNotMatch(await response.text(), /secret|TypeError/)
  })

  it('names a path that is not there', async () => {
    const { request } = gateway()
    for (const path of ['/ocr', '/v1', '/v1/ocr/1', '/docs/../etc']) {
      const response = await request(path, fileIn())
      assert.equal(response.status, 404, path)
      assert.equal(problemSchema.parse(await response.json()).code, 'not_found')
    }
  })

  for (const [path, method, allow] of [
    ['/v1/ocr', 'GET', 'POST'],
    ['/v1/ocr', 'PUT', 'POST'],
    ['/gateway/ocr', 'DELETE', 'POST'],
    ['/v1/languages', 'POST', 'GET, HEAD'],
    ['/livez', 'POST', 'GET, HEAD'],
    ['/openapi.json', 'PATCH', 'GET, HEAD'],
    ['/docs', 'POST', 'GET, HEAD'],
  ] as const) {
    it(`tells ${method} ${path} that there is ${allow}`, async () => {
      const response = await gateway().request(path, { method })
      assert.equal(response.status, 405)
      assert.equal(response.headers.get('allow'), allow)
      assert.equal(problemSchema.parse(await response.json()).code, 'method_not_allowed')
    })
  }
})

describe('what the gateway holds for a request', () => {
  it('is given back when it is answered, and when it fails', async () => {
    for (const recognize of [reading(1), failing(unavailable), failing(new TypeError('ours'))]) {
      const { request, held, admission } = gateway({ recognize })
      await request('/v1/ocr', fileIn())
      await request('/v1/ocr?format=ndjson', fileIn()).then((response) => response.text())
      await request('/v1/ocr?psm=99', fileIn())
      await request('/v1/ocr', fileIn({ 'content-type': 'text/plain' }))
      assert.deepEqual([held.visits, admission.admitted], [0, 0])
    }
  })

  it('is bounded: one more is refused, and taken when there is room', async () => {
    const model = Promise.withResolvers<OcrResult>()
    const { request, held, admission } = gateway({ recognize: answering(() => model.promise) })
    const admitted = Array.from({ length: 8 }, () => request('/v1/ocr', fileIn()))
    while (admission.admitted < 8) await new Promise(setImmediate)
    assert.equal(held.visits, 8)
    const refused = await request('/v1/ocr', fileIn())
    assert.equal(refused.status, 429)
    assert.equal(refused.headers.get('retry-after'), '1')
    assert.equal(problemSchema.parse(await refused.json()).code, 'overloaded')
    model.resolve(resultOf([1]))
    for (const response of await Promise.all(admitted)) assert.equal(response.status, 200)
    assert.equal((await request('/v1/ocr', fileIn())).status, 200)
  })

  describe('when one caller asks for more than all of it', () => {
    /** Nothing is answered before the test says so. */
    async function flooded(keyOf: (caller: string) => string | undefined) {
      const model = Promise.withResolvers<OcrResult>()
      const admission = createAdmission({ limit: 18 })
      const { request } = gateway({
        admission,
        recognize: answering(() => model.promise),
        eventRules: { events: 'keys' },
        access: {
          async enter({ header }) {
            const caller = header('authorization') ?? ''
            return { caller, key: keyOf(caller), [Symbol.dispose]: () => undefined }
          },
        },
      })
      const ask = (authorization: string) => request('/v1/ocr', fileIn({ authorization }))
      const flood = Array.from({ length: 18 }, () => ask('alice'))
      while (admission.admitted < 16) await new Promise(setImmediate)
      await new Promise(setImmediate)
      return { admission, request, ask, flood, answer: () => model.resolve(resultOf([1])) }
    }

    it('keeps room for those with other keys, for documents and for events', async () => {
      const { admission, request, ask, flood, answer } = await flooded((caller) => caller)
      assert.equal(admission.admitted, 16)
      const refused = await ask('alice')
      assert.equal(refused.status, 429)
      assert.match(refused.headers.get('retry-after') ?? '', /^\d+$/)
      assert.equal(problemSchema.parse(await refused.json()).code, 'overloaded')
      const event = (authorization: string) => request('/events', eventIn({ authorization }))
      assert.equal((await event('alice')).status, 429)
      const others = [ask('bob'), event('carol')]
      while (admission.admitted < 18) await new Promise(setImmediate)
      answer()
      for (const response of await Promise.all(others)) assert.equal(response.status, 200)
      const statuses = (await Promise.all(flood)).map(({ status }) => status)
      assert.deepEqual(
        statuses.toSorted((a, b) => a - b),
        [...Array(16).fill(200), 429, 429],
      )
    })

    it('gives all of it where there are no keys, since an address may be that of an ingress', async () => {
      const { admission, flood, answer } = await flooded(() => undefined)
      assert.equal(admission.admitted, 18)
      answer()
      for (const response of await Promise.all(flood)) assert.equal(response.status, 200)
    })
  })

  it('is nothing for whoever is not let in, whatever the request is', async () => {
    const error = new OcrError('unauthorized', 'A key is needed.')
    const { request, asked, admission } = gateway({
      access: { enter: () => Promise.reject(error) },
      modelFacts: { ...modelFacts, languages: () => assert.fail('the model was asked') },
    })
    for (const [path, init] of [
      ['/v1/ocr', fileIn()],
      ['/v1/ocr?psm=99', fileIn({ 'content-type': 'text/plain' })],
      ['/gateway/ocr', fileIn()],
      ['/v1/languages', {}],
    ] as const) {
      const response = await request(path, init)
      assert.equal(response.status, 401, path)
      assert.equal(problemSchema.parse(await response.json()).code, 'unauthorized')
    }
    assert.deepEqual([asked.length, admission.admitted], [0, 0])
  })
})
