import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, constants } from 'node:http2'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { create, toBinary } from '@bufbuild/protobuf'
import { pino } from 'pino'
import { errorTable, OcrError } from '../../contract/errors.ts'
import type { Encoding } from '../../platform/compression.ts'
import { callWith, pathOf, startProtocols } from '../fixtures/grpc.ts'
import { exampleImage, exampleResult, protocolOptions } from '../fixtures/protocol.ts'
import { frame } from './frames.ts'
import { GRPCInferenceService, ModelInferRequestSchema } from './generated/inference_pb.ts'

const { serverLive, modelInfer } = GRPCInferenceService.method
const live = pathOf(serverLive)
const infer = pathOf(modelInfer)

const inferBody = (encoding?: Encoding, change: object = {}) =>
  frame(
    toBinary(
      ModelInferRequestSchema,
      create(ModelInferRequestSchema, {
        modelName: 'ocr-model',
        inputs: [
          {
            name: 'image',
            datatype: 'BYTES',
            shape: [1n],
            contents: { bytesContents: [exampleImage] },
            ...change,
          },
        ],
      }),
    ),
    encoding,
  )
const emptyBody = () => frame(Buffer.alloc(0), undefined)

type Protocols = Awaited<ReturnType<typeof startProtocols>>

/** Runs a test against the protocols with a pipeline of its own. */
async function withProtocols(
  change: Parameters<typeof protocolOptions>[0],
  use: (protocols: Protocols) => Promise<void>,
): Promise<void> {
  const protocols = await startProtocols(protocolOptions(change))
  try {
    await use(protocols)
  } finally {
    await protocols.close()
  }
}

describe('the gRPC listener', () => {
  let protocols: Protocols
  before(async () => {
    protocols = await startProtocols()
  })
  after(() => protocols.close())

  it('answers a call with one message and the status 0', async () => {
    const { headers, messages, trailers } = await callWith(
      protocols.session,
      live,
      await emptyBody(),
    )
    assert.equal(headers[':status'], 200)
    assert.equal(headers['content-type'], 'application/grpc+proto')
    assert.deepEqual(messages.map(Buffer.from), [Buffer.from([8, 1])])
    assert.equal(trailers['grpc-status'], '0')
  })

  it('answers in the encoding in which it was asked, if the client reads that', async () => {
    for (const encoding of ['gzip', 'deflate'] as const) {
      for (const [accepted, own] of [
        [`identity, ${encoding},br`, encoding],
        ['identity', undefined],
        [undefined, undefined],
      ] as const) {
        const { headers, messages, trailers } = await callWith(
          protocols.session,
          infer,
          await inferBody(encoding),
          {
            'grpc-encoding': encoding,
            ...(accepted && { 'grpc-accept-encoding': accepted }),
          },
        )
        assert.equal(headers['grpc-encoding'], own)
        assert.deepEqual([messages.length, trailers['grpc-status']], [1, '0'])
      }
    }
  })

  it('echoes a sound request id and makes one otherwise', async () => {
    const idOf = async (id: string) => {
      const headers = { 'x-request-id': id }
      return (await callWith(protocols.session, live, await emptyBody(), headers)).headers[
        'x-request-id'
      ]
    }
    assert.equal(await idOf('abc-1'), 'abc-1')
    assert.match(String(await idOf('a b{"c"}')), /^[0-9a-f-]{36}$/)
  })

  for (const [problem, path, body, headers, code] of [
    ['an unknown method', '/inference.GRPCInferenceService/Nothing', emptyBody, {}, '12'],
    ['an unknown service', '/x/Y', emptyBody, {}, '12'],
    ['no message', live, async () => Buffer.alloc(0), {}, '3'],
    [
      'two messages for a unary method',
      live,
      async () => Buffer.concat([await emptyBody(), await emptyBody()]),
      {},
      '3',
    ],
    ['half a message', live, async () => (await inferBody()).subarray(0, 9), {}, '3'],
    ['no protobuf', infer, () => frame(Buffer.from([0xff]), undefined), {}, '3'],
    [
      'a name longer than a trailer may be',
      infer,
      () => inferBody(undefined, { name: 'n'.repeat(90_000), datatype: 'FP32' }),
      {},
      '3',
    ],
    ['an unknown encoding', live, emptyBody, { 'grpc-encoding': 'br' }, '12'],
    ['a timeout of nine digits', live, emptyBody, { 'grpc-timeout': '123456789S' }, '3'],
    ['a timeout that is none', live, emptyBody, { 'grpc-timeout': '5 seconds' }, '3'],
    ['a message beyond the limit', infer, () => frame(Buffer.alloc(100_001), undefined), {}, '8'],
    [
      'more than 64 KiB for a method that needs no place',
      live,
      () => frame(Buffer.alloc(64 * 1024 + 1), undefined),
      {},
      '8',
    ],
  ] as const) {
    it(`answers ${problem} with the status ${code} and goes on`, async () => {
      const { trailers, messages } = await callWith(protocols.session, path, await body(), headers)
      assert.equal(trailers['grpc-status'], code)
      assert.ok(decodeURIComponent(String(trailers['grpc-message'])).endsWith('.'))
      assert.ok(String(trailers['ocr-error-kind']) in errorTable)
      assert.equal(messages.length, problem.startsWith('two') ? 1 : 0)
      const again = await callWith(protocols.session, live, await emptyBody())
      assert.equal(again.trailers['grpc-status'], '0')
    })
  }

  for (const contentType of ['application/json', 'application/grpc+json', 'application/grpc-web']) {
    it(`leaves ${contentType} over HTTP/2 to the next listener`, async () => {
      const stream = protocols.session.request({
        ':method': 'POST',
        ':path': '/v2/models/other/infer',
        'content-type': contentType,
      })
      stream.end('{}')
      const [headers] = await once(stream, 'response')
      assert.equal(headers[':status'], 404)
      assert.match(Buffer.concat(await stream.toArray()).toString(), /^\{"error":/)
    })
  }

  it('takes the longest timeout that there is', async () => {
    const headers = { 'grpc-timeout': '99999999H' }
    const { trailers } = await callWith(protocols.session, live, await emptyBody(), headers)
    assert.equal(trailers['grpc-status'], '0')
  })

  it('takes a content type in capitals', async () => {
    const headers = { 'content-type': 'Application/GRPC' }
    const { trailers } = await callWith(protocols.session, live, await emptyBody(), headers)
    assert.equal(trailers['grpc-status'], '0')
  })

  it('leaves gRPC over HTTP/1.1 to the next listener', async () => {
    const headers = { 'content-type': 'application/grpc' }
    const response = await fetch(`${protocols.url}${live}`, { method: 'POST', headers })
    assert.equal(response.status, 404)
  })
})

describe('a gRPC call that fails', () => {
  for (const kind of ['undecodable_image', 'engine_unavailable', 'deadline_exceeded'] as const) {
    it(`as ${kind} has the status of the error table`, async () => {
      const recognize = () =>
        Promise.reject(new OcrError(kind, 'Größer als 5 %\n.', { retryAfterSeconds: 2 }))
      await withProtocols({ recognize }, async ({ session }) => {
        const { trailers } = await callWith(session, infer, await inferBody())
        assert.equal(trailers['grpc-status'], String(new OcrError(kind, '').grpcCode))
        assert.equal(decodeURIComponent(String(trailers['grpc-message'])), 'Größer als 5 %\n.')
        assert.equal(trailers['ocr-error-kind'], kind)
        assert.equal(trailers['retry-after'], '2')
      })
    })
  }

  it('unexpectedly says nothing of the detail, which is in the log with the id', async () => {
    const lines: Array<Record<string, unknown>> = []
    const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) })
    const recognize = () => Promise.reject(new Error('secret'))
    const { session, close } = await startProtocols(protocolOptions({ recognize, log }))
    const headers = { 'x-request-id': 'r1' }
    const { trailers } = await callWith(session, infer, await inferBody(), headers)
    await close()
    assert.equal(trailers['grpc-status'], '13')
    assert.doesNotMatch(JSON.stringify(trailers), /secret/)
    const [failure, access] = lines
    assert.match(JSON.stringify(failure), /secret/)
    assert.equal(failure?.['requestId'], 'r1')
    assert.partialDeepStrictEqual(access, {
      requestId: 'r1',
      method: 'gRPC',
      route: infer,
      status: 13,
      error: 'internal',
      msg: 'request',
    })
  })

  it('for want of a place is refused before its message has come', async () => {
    await withProtocols({ limit: 0 }, async ({ session }) => {
      const stream = session.request({
        ':method': 'POST',
        ':path': infer,
        'content-type': 'application/grpc',
      })
      stream.write(Buffer.from([0]))
      const [trailers] = await once(stream.resume(), 'trailers')
      assert.equal(trailers['grpc-status'], '8')
      assert.equal(trailers['retry-after'], '1')
      stream.close(constants.NGHTTP2_CANCEL)
      const { trailers: others } = await callWith(session, live, await emptyBody())
      assert.equal(others['grpc-status'], '0')
    })
  })

  it('while the model starts is to be tried again', async () => {
    await withProtocols({ isReady: false }, async ({ session }) => {
      const { trailers } = await callWith(session, infer, await inferBody())
      assert.equal(trailers['grpc-status'], '14')
    })
  })
})

describe('a gRPC call that is given up', () => {
  /** A pipeline that works until it is told to stop, and tells when it was. */
  function endless() {
    const stopped = Promise.withResolvers<OcrError>()
    const started = Promise.withResolvers<void>()
    const options = protocolOptions({
      limit: 1,
      recognize: (_request, signal) =>
        new Promise((_resolve, reject) => {
          started.resolve()
          signal.addEventListener('abort', () => {
            stopped.resolve(signal.reason)
            reject(signal.reason)
          })
        }),
    })
    return { options, started: started.promise, stopped: stopped.promise }
  }

  it('by its own deadline ends with the status 4', async () => {
    const { options, stopped } = endless()
    const { session, close } = await startProtocols(options)
    const headers = { 'grpc-timeout': '50m' }
    const { trailers } = await callWith(session, infer, await inferBody(), headers)
    assert.equal(trailers['grpc-status'], '4')
    assert.equal((await stopped).kind, 'deadline_exceeded')
    await close()
  })

  it('by its own deadline in the middle of its message ends, too', async () => {
    const { options } = endless()
    const { session, close } = await startProtocols(options)
    const stream = session.request({
      ':method': 'POST',
      ':path': infer,
      'content-type': 'application/grpc',
      'grpc-timeout': '50m',
    })
    stream.write((await inferBody()).subarray(0, 20))
    const [trailers] = await once(stream.resume(), 'trailers')
    assert.equal(trailers['grpc-status'], '4')
    assert.equal(options.admission.admitted, 0)
    await close()
  })

  it('gives its place back with its answer, which its client need not take', async () => {
    const text = 'x'.repeat(100_000)
    const { document, ...result } = exampleResult
    const recognize = async () => ({ ...result, document: { ...document, text } })
    const options = protocolOptions({ limit: 1, recognize })
    const { url, close } = await startProtocols(options)
    const reluctant = connect(url, { settings: { initialWindowSize: 0 } })
    await once(reluctant, 'remoteSettings')
    const headers = { ':method': 'POST', ':path': infer, 'content-type': 'application/grpc' }
    const stream = reluctant.request(headers)
    stream.on('error', () => undefined)
    stream.end(await inferBody())
    await once(stream, 'response')
    assert.equal(options.admission.admitted, 0)
    reluctant.destroy()
    await close()
  })

  it('by its client stops the work and gives the place back', async () => {
    const { options, started, stopped } = endless()
    const { session, close } = await startProtocols(options)
    const stream = session.request({
      ':method': 'POST',
      ':path': infer,
      'content-type': 'application/grpc',
    })
    stream.on('error', () => undefined)
    stream.end(await inferBody())
    await started
    stream.close(constants.NGHTTP2_CANCEL)
    assert.equal((await stopped).kind, 'client_gone')
    await pause(10)
    assert.equal(options.admission.admitted, 0)
    await close()
  })

  it("in the middle of its message gives the place back, and is the client's doing", async () => {
    const kinds: unknown[] = []
    const log = pino({}, { write: (line: string) => void kinds.push(JSON.parse(line).error) })
    const options = protocolOptions({ limit: 1, recognize: async () => exampleResult, log })
    const { url, session, close } = await startProtocols(options)
    const lost = connect(url)
    lost.on('error', () => undefined)
    const stream = lost.request({
      ':method': 'POST',
      ':path': infer,
      'content-type': 'application/grpc',
    })
    stream.on('error', () => undefined)
    stream.write((await inferBody()).subarray(0, 20))
    await pause(50)
    assert.equal(options.admission.admitted, 1)
    lost.destroy()
    await pause(50)
    assert.equal(options.admission.admitted, 0)
    assert.deepEqual(kinds, ['client_gone'])
    const { trailers } = await callWith(session, infer, await inferBody())
    assert.equal(trailers['grpc-status'], '0')
    await close()
  })
})

describe('a stream of messages', () => {
  it('is answered no faster than its client reads', async () => {
    const { url, close } = await startProtocols()
    const session = connect(url, { settings: { initialWindowSize: 0 } })
    session.on('error', () => undefined)
    const stream = session.request({
      ':method': 'POST',
      ':path': '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
      'content-type': 'application/grpc',
    })
    stream.on('error', () => undefined)
    const symbol = Buffer.from('inference.ModelInferRequest')
    const question = Buffer.concat([
      Buffer.from([0, 0, 0, 0, symbol.length + 2, 0x22]),
      Buffer.from([symbol.length]),
      symbol,
    ])
    const before = process.memoryUsage().arrayBuffers
    stream.write(Buffer.alloc(20_000 * question.length, question))
    // Its answers would be some 70 MB.
    for (let count = 0; count < 10; count++) {
      await fetch(`${url}/v2/health/live`)
      await pause(10)
    }
    const grown = process.memoryUsage().arrayBuffers - before
    assert.ok(grown < 20_000_000, `${grown} bytes`)
    session.destroy()
    await close()
  })
})
