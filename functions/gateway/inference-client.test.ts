import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import exampleRequest from '../contract/examples/infer-request.json' with { type: 'json' }
import exampleResponse from '../contract/examples/infer-response.json' with { type: 'json' }
import { decodeOcrResult } from '../contract/ocr-tensors.ts'
import { createInferenceClient } from './inference-client.ts'

const { signal: never } = new AbortController()
const ocrRequest = {
  image: Buffer.from(exampleRequest.image, 'base64'),
  options: exampleRequest.options,
}

/** A client of a model that answers as told. */
async function clientOf(t: TestContext, answer: RequestListener, modelTimeoutMs = 5_000) {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const client = createInferenceClient({
    inferUrl: `http://127.0.0.1:${port}/v2/models/ocr-model/infer`,
    connectTimeoutMs: 500,
    modelTimeoutMs,
    modelConnections: 2,
  })
  t.after(async () => {
    server.closeAllConnections()
    server.close()
    await client.close()
  })
  return { client, server }
}

const answering =
  (status: number, body: string, headers: Record<string, string> = {}): RequestListener =>
  (request, response) => {
    request.resume().on('end', () => response.writeHead(status, headers).end(body))
  }

describe('the inference client', () => {
  it('sends the example request of the contract and reads the example response', async (t) => {
    const received: Array<{ headers: Record<string, unknown>; body: string }> = []
    const { client } = await clientOf(t, async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('base64') })
      response.end(JSON.stringify(exampleResponse))
    })
    const headers = { 'x-request-id': 'r1' }
    const result = await client.recognize(ocrRequest, headers, never)
    assert.deepEqual(result, decodeOcrResult(exampleResponse))
    assert.equal(received[0]?.body, exampleRequest.body)
    assert.partialDeepStrictEqual(received[0]?.headers, { ...exampleRequest.headers, ...headers })
  })

  it('keeps its connections', async (t) => {
    const { client, server } = await clientOf(t, answering(200, JSON.stringify(exampleResponse)))
    let connections = 0
    server.on('connection', () => connections++)
    for (let round = 0; round < 10; round++) await client.recognize(ocrRequest, {}, never)
    assert.ok(connections <= 2, `${connections} connections`)
  })

  it('passes on an error of the model with its kind, message and time to retry', async (t) => {
    const headers = { 'ocr-error-kind': 'overloaded', 'retry-after': '7' }
    const { client } = await clientOf(t, answering(429, '{"error":"Busy."}', headers))
    await assert.rejects(client.recognize(ocrRequest, {}, never), {
      kind: 'overloaded',
      message: 'Busy.',
      retryAfterSeconds: 7,
    })
  })

  it('does not blame the caller for a wrong URL', async (t) => {
    const headers = { 'ocr-error-kind': 'model_not_found' }
    const { client } = await clientOf(t, answering(404, '{"error":"No such path."}', headers))
    await assert.rejects(client.recognize(ocrRequest, {}, never), { kind: 'bad_upstream' })
  })

  for (const [name, status, body, kind] of [
    ['plain text of a proxy with 503', 503, 'pending request queue full', 'model_unavailable'],
    ['plain text of a proxy with 504', 504, 'request timeout', 'deadline_exceeded'],
    ['a 429 of a proxy', 429, 'slow down', 'overloaded'],
    ['a 404 of another service', 404, 'default backend', 'bad_upstream'],
    ['200 without JSON', 200, '<html>', 'bad_upstream'],
    ['200 without a document', 200, '{"model_name":"m","outputs":[]}', 'bad_upstream'],
  ] as const) {
    it(`takes ${name} for ${kind}`, async (t) => {
      const { client } = await clientOf(t, answering(status, body))
      await assert.rejects(client.recognize(ocrRequest, {}, never), { kind })
    })
  }

  it('says that the model is unavailable when nothing listens or the connection breaks', async (t) => {
    const { client, server } = await clientOf(t, (request) => request.socket.destroy())
    await assert.rejects(client.recognize(ocrRequest, {}, never), { kind: 'model_unavailable' })
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await assert.rejects(client.recognize(ocrRequest, {}, never), { kind: 'model_unavailable' })
  })

  it('says that the deadline was exceeded when the model does not answer', async (t) => {
    const { client } = await clientOf(t, () => undefined, 100)
    await assert.rejects(client.recognize(ocrRequest, {}, never), { kind: 'deadline_exceeded' })
  })

  it('hangs up when the signal aborts, and rejects with its reason', async (t) => {
    const closed = Promise.withResolvers<void>()
    const controller = new AbortController()
    const { client } = await clientOf(t, (request) => {
      request.socket.on('close', () => closed.resolve())
      controller.abort('gone')
    })
    const answer = client.recognize(ocrRequest, {}, controller.signal)
    await assert.rejects(answer, (reason) => reason === 'gone')
    await closed.promise
  })
})
