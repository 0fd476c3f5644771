import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { create, toBinary } from '@bufbuild/protobuf'
import { byteElementPrefix } from '../contract/v2-binary.ts'
import { inferenceHeaderLength } from '../contract/v2-rest.ts'
import { post, rawClient } from '../platform/fixtures/raw-client.ts'
import { callWith, pathOf, startProtocols } from './fixtures/grpc.ts'
import { exampleImage, exampleResult, protocolOptions } from './fixtures/protocol.ts'
import { frame } from './grpc/frames.ts'
import { GRPCInferenceService, ModelInferRequestSchema } from './grpc/generated/inference_pb.ts'

const v1 = '/v1/models/ocr-model:predict'
const v2 = '/v2/models/ocr-model/infer'
const grpc = pathOf(GRPCInferenceService.method.modelInfer)

/** Pieces of a body below 16 KiB are put together before they are counted. */
const size = 30_000
const image = Buffer.concat([exampleImage, Buffer.alloc(size - exampleImage.length)])
const base64 = image.toString('base64')
const input = { name: 'image', datatype: 'BYTES', shape: [1] }

const predictBody = Buffer.from(JSON.stringify({ instances: [base64] }))
const jsonBody = Buffer.from(JSON.stringify({ inputs: [{ ...input, data: [base64] }] }))
const rawHeaders = { [inferenceHeaderLength]: '0' }

const messageWith = (change: object): Promise<Buffer> => {
  const request = { modelName: 'ocr-model', inputs: [{ ...input, shape: [1n], ...change }] }
  return frame(
    toBinary(ModelInferRequestSchema, create(ModelInferRequestSchema, request)),
    undefined,
  )
}

type Change = Parameters<typeof protocolOptions>[0]

async function start(t: TestContext, change: Change, limits?: { receiveTimeoutMs: number }) {
  const options = protocolOptions(change)
  const protocols = await startProtocols(options, limits)
  t.after(() => protocols.close())
  const send = async (path: string, body: Buffer<ArrayBuffer>, headers = {}) =>
    (await fetch(`${protocols.url}${path}`, { method: 'POST', body, headers })).status
  return { ...options, ...protocols, send, port: Number(new URL(protocols.url).port) }
}

/** Headers alone, over HTTP/2. */
function open(session: ClientHttp2Session, path: string, headers = {}): ClientHttp2Stream {
  const stream = session.request({ ':method': 'POST', ':path': path, ...headers })
  return stream.on('error', () => undefined)
}

const grpcType = { 'content-type': 'application/grpc' }

async function untilTrue(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await pause(1)
}

describe('a request for which there is no place', () => {
  for (const path of [v1, v2]) {
    it(`is refused by its headers when it asks whether to go on: ${path}`, async (t) => {
      const { port } = await start(t, { limit: 0 })
      const client = await rawClient(t, { port })
      client.socket.write(post(path, 'Content-Length: 90000', 'Expect: 100-continue'))
      const answer = await client.until(/"error"/)
      assert.match(answer, /^HTTP\/1.1 429 (?:.+\r\n)*retry-after: 1\r\n/i)
    })

    it(`is refused so over HTTP/2, too: ${path}`, async (t) => {
      const { session } = await start(t, { limit: 0 })
      const stream = open(session, path, { expect: '100-continue' })
      stream.on('continue', () => assert.fail('it was told to go on'))
      const [headers] = await once(stream, 'response')
      assert.deepEqual([headers[':status'], headers['retry-after']], [429, '1'])
    })

    it(`is told to go on where there is one: ${path}`, async (t) => {
      const { port } = await start(t, {})
      const client = await rawClient(t, { port })
      const body = path === v1 ? predictBody : jsonBody
      client.socket.write(post(path, `Content-Length: ${body.length}`, 'Expect: 100-continue'))
      await client.until(/^HTTP\/1.1 100 Continue\r\n\r\n/)
      client.socket.write(body)
      await client.until(/HTTP\/1.1 200 /)
    })
  }

  it('does not make the model unready or dead, by any protocol', async (t) => {
    const { url, session } = await start(t, { limit: 0 })
    for (const path of [
      '/v2/health/live',
      '/v2/health/ready',
      '/v2/models/ocr-model/ready',
      '/v1/models/ocr-model',
    ]) {
      assert.equal((await fetch(`${url}${path}`)).status, 200, path)
    }
    const { serverReady } = GRPCInferenceService.method
    const body = await frame(Buffer.alloc(0), undefined)
    const { messages } = await callWith(session, pathOf(serverReady), body)
    assert.deepEqual(messages.map(Buffer.from), [Buffer.from([8, 1])])
  })
})

describe('a body that comes slowly', () => {
  const beginnings = {
    'over HTTP/1.1': async (t: TestContext, { port }: { port: number }) => {
      const client = await rawClient(t, { port })
      client.socket.write(`${post(v2, 'Content-Length: 9000')}{`)
      return async () => assert.match(await client.until(/"error"/), /^HTTP\/1.1 408 /)
    },
    'over HTTP/2': async (_t: TestContext, { session }: { session: ClientHttp2Session }) => {
      const stream = open(session, v2)
      stream.write('{')
      const answered = once(stream, 'response')
      return async () => assert.equal((await answered)[0][':status'], 408)
    },
    'by gRPC': async (_t: TestContext, { session }: { session: ClientHttp2Session }) => {
      const stream = open(session, grpc, grpcType)
      stream.write((await messageWith({})).subarray(0, 9))
      const ended = once(stream.resume(), 'trailers')
      return async () => assert.equal((await ended)[0]['ocr-error-kind'], 'request_timeout')
    },
  }
  for (const [how, begin] of Object.entries(beginnings)) {
    it(`keeps its place ${how} for the time to receive a request, and no longer`, async (t) => {
      const model = await start(t, { limit: 1 }, { receiveTimeoutMs: 300 })
      const requireCut = await begin(t, model)
      await untilTrue(() => model.admission.admitted === 1)
      assert.equal(await model.send(v2, jsonBody), 429)
      await requireCut()
      await untilTrue(() => model.admission.admitted === 0)
      assert.equal(model.receiving.heldBytes, 0)
      assert.equal(await model.send(v2, jsonBody), 200)
    })
  }
})

describe('the memory for bodies', () => {
  /** Has the model hold a request, and tells how many bytes it holds for it. */
  async function heldFor(
    t: TestContext,
    send: (model: Awaited<ReturnType<typeof start>>) => unknown,
  ) {
    const page = Promise.withResolvers<typeof exampleResult>()
    const started = Promise.withResolvers<void>()
    const model = await start(t, {
      recognize: () => {
        started.resolve()
        return page.promise
      },
    })
    const answered = send(model)
    await started.promise
    const { heldBytes } = model.receiving
    page.resolve(exampleResult)
    await answered
    assert.equal(model.receiving.heldBytes, 0)
    return heldBytes
  }

  for (const [path, body] of [
    [v1, predictBody],
    [v2, jsonBody],
  ] as const) {
    it(`has the decoded image of a JSON, whose text is longer: ${path}`, async (t) => {
      assert.equal(await heldFor(t, ({ send }) => send(path, body)), image.length)
    })
  }

  it('has the body where images are views of it', async (t) => {
    assert.equal(await heldFor(t, ({ send }) => send(v2, image, rawHeaders)), image.length)
    const text = Buffer.from(base64)
    const raw = Buffer.concat([byteElementPrefix(text), text])
    const parameters = { binary_data_size: raw.length, content_type: 'base64' }
    const json = Buffer.from(JSON.stringify({ inputs: [{ ...input, parameters }] }))
    const headers = { [inferenceHeaderLength]: String(json.length) }
    const asText = await heldFor(t, ({ send }) => send(v2, Buffer.concat([json, raw]), headers))
    assert.equal(asText, image.length)
  })

  it('has the message of a call, and beside it what was decoded of it', async (t) => {
    const call = async (change: object) => {
      const body = await messageWith(change)
      const held = await heldFor(t, ({ session }) => callWith(session, grpc, body, grpcType))
      return held - (body.length - 5)
    }
    assert.equal(await call({ contents: { bytesContents: [image] } }), 0)
    const text = {
      contents: { bytesContents: [Buffer.from(base64)] },
      parameters: { content_type: { parameterChoice: { case: 'stringParam', value: 'base64' } } },
    }
    assert.equal(await call(text), image.length)
    const numbers = {
      datatype: 'UINT8',
      shape: [BigInt(size)],
      contents: { uintContents: [...image] },
    }
    assert.equal(await call(numbers), image.length)
  })

  it('is for all protocols together; more is refused until there is room again', async (t) => {
    const model = await start(t, { uploadMemoryBytes: 60_000 })
    const slow = await rawClient(t, model)
    slow.socket.write(post(v2, 'Content-Length: 50000'))
    slow.socket.write(Buffer.alloc(48_000, ' '))
    await untilTrue(() => model.receiving.heldBytes > 31_000)
    const { heldBytes } = model.receiving
    const call = async () => {
      const body = await messageWith({ contents: { bytesContents: [image] } })
      return (await callWith(model.session, grpc, body)).trailers
    }
    for (const [path, body] of [
      [v1, predictBody],
      [v2, jsonBody],
    ] as const) {
      const refused = await fetch(`${model.url}${path}`, { method: 'POST', body })
      assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '2'])
      assert.equal(refused.headers.get('ocr-error-kind'), 'overloaded')
    }
    assert.equal(await model.send(v2, image, rawHeaders), 429)
    assert.partialDeepStrictEqual(await call(), { 'grpc-status': '8', 'retry-after': '2' })
    assert.deepEqual([model.admission.admitted, model.receiving.heldBytes], [1, heldBytes])
    slow.socket.destroy()
    await untilTrue(() => model.receiving.heldBytes === 0)
    assert.equal(await model.send(v1, predictBody), 200)
    assert.equal(await model.send(v2, jsonBody), 200)
    assert.equal((await call())['grpc-status'], '0')
    assert.equal(model.receiving.heldBytes, 0)
  })
})
