import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { OcrError } from '../../contract/errors.ts'
import exampleRequest from '../../contract/examples/infer-request.json' with { type: 'json' }
import exampleBinary from '../../contract/examples/infer-response-binary.json' with { type: 'json' }
import { parseModelMetadata } from '../../contract/model-metadata.ts'
import type { OcrRequest } from '../../contract/ocr-tensors.ts'
import { optionTexts } from '../../contract/options.ts'
import { inferenceHeaderLength as lengthHeader } from '../../contract/v2-rest.ts'
import { createApp } from '../app.ts'
import { exampleImage, exampleResult, protocolOptions } from '../fixtures/protocol.ts'

const infer = '/v2/models/ocr-model/infer'
const base64 = exampleImage.toString('base64')

const model = (...args: Parameters<typeof protocolOptions>) => createApp(protocolOptions(...args))
const post = (body: string | Buffer<ArrayBuffer>, headers: Record<string, string> = {}) => ({
  method: 'POST',
  body,
  headers,
})
const jsonBody = (change: object = {}) =>
  JSON.stringify({
    inputs: [{ name: 'image', datatype: 'BYTES', shape: [1], data: [base64] }],
    ...change,
  })

describe('the Open Inference Protocol over HTTP', () => {
  const modelMetadata = {
    name: 'ocr-model',
    versions: ['1'],
    platform: 'tesseract',
    inputs: [{ name: 'image', datatype: 'BYTES', shape: [-1] }],
    outputs: [
      { name: 'text', datatype: 'BYTES', shape: [-1] },
      { name: 'confidence', datatype: 'FP32', shape: [-1] },
      { name: 'document', datatype: 'BYTES', shape: [-1] },
      { name: 'hocr', datatype: 'BYTES', shape: [-1] },
      { name: 'tsv', datatype: 'BYTES', shape: [-1] },
      { name: 'alto', datatype: 'BYTES', shape: [-1] },
      { name: 'pdf', datatype: 'BYTES', shape: [-1] },
      { name: 'page_count', datatype: 'INT32', shape: [-1] },
    ],
    parameters: {
      ...Object.fromEntries(Object.entries(optionTexts).map(([name, { range }]) => [name, range])),
      lang: 'up to 8 language names such as "eng" joined by "+", of: deu, eng',
    },
    engine: {
      name: 'tesseract',
      version: '5.3.0',
      default_lang: 'eng',
      languages: { deu: 'deu 1', eng: 'eng 2' },
    },
  }
  const serverMetadata = { name: 'ocr-model', version: '1.2.3', extensions: ['binary_tensor_data'] }

  for (const [path, expected] of Object.entries({
    '/v2': serverMetadata,
    '/v2/': serverMetadata,
    '/v2/health/live': { live: true },
    '/v2/health/ready': { ready: true },
    '/v2/models': { models: ['ocr-model'] },
    '/v2/models/ocr-model': modelMetadata,
    '/v2/models/ocr-model/versions/1': modelMetadata,
    '/v2/models/ocr-model/ready': { name: 'ocr-model', ready: true },
    '/v2/models/ocr-model/versions/1/ready': { name: 'ocr-model', ready: true },
  })) {
    it(`answers GET ${path}`, async () => {
      const response = await model().request(path)
      assert.equal(response.status, 200)
      assert.deepEqual(await response.json(), expected)
    })
  }

  it('tells of its engine what the contract can read', async () => {
    const response = await model().request('/v2/models/ocr-model')
    const { engine } = parseModelMetadata(await response.json())
    assert.deepEqual(engine, modelMetadata.engine)
  })

  it('is alive but not ready while it starts', async () => {
    const app = model({ isReady: false })
    assert.equal((await app.request('/v2/health/live')).status, 200)
    for (const path of ['/v2/health/ready', '/v2/models/ocr-model/ready']) {
      const response = await app.request(path)
      assert.equal(response.status, 503)
      assert.equal(response.headers.get('retry-after'), '1')
    }
  })

  for (const path of [
    '/v2/models/other',
    '/v2/models/other/ready',
    '/v2/models/ocr-model/versions/2',
    '/v2/models/ocr-model/versions/2/ready',
  ]) {
    it(`answers GET ${path} with 404 and tells what there is`, async () => {
      const response = await model().request(path)
      assert.equal(response.status, 404)
      const { error } = (await response.json()) as { error: string }
      assert.match(error, /served here is/)
    })
  }

  it('tells of its repository, and changes nothing there', async () => {
    const app = model()
    const index = await app.request('/v2/repository/index', post(''))
    assert.deepEqual(await index.json(), [
      { name: 'ocr-model', version: '1', state: 'READY', reason: '' },
    ])
    const load = await app.request('/v2/repository/models/ocr-model/load', post('{}'))
    assert.deepEqual(await load.json(), { name: 'ocr-model', load: true })
    for (const [path, body, status] of [
      ['other/load', '{}', 404],
      ['ocr-model/load', '{"parameters":{"config":"{}"}}', 501],
      ['ocr-model/unload', '{}', 501],
    ] as const) {
      const response = await app.request(`/v2/repository/models/${path}`, post(body))
      assert.equal(response.status, status, path)
    }
  })

  it('tells of its repository even when it is full', async () => {
    const response = await model({ limit: 0 }).request('/v2/repository/index', post(''))
    assert.equal(response.status, 200)
  })
})

describe('infer', () => {
  it('takes an image as base64 and echoes the id', async () => {
    const seen: OcrRequest[] = []
    const app = model({
      recognize: async (request) => {
        seen.push(request)
        return exampleResult
      },
    })
    const body = jsonBody({ id: '42', parameters: { psm: 6 }, outputs: [{ name: 'text' }] })
    const response = await app.request(infer, post(body))
    assert.equal(response.status, 200)
    assert.deepEqual(seen, [{ image: exampleImage, options: { psm: 6 }, withPdf: false }])
    assert.deepEqual(await response.json(), {
      model_name: 'ocr-model',
      model_version: '1',
      id: '42',
      parameters: { complete: true, ...exampleResult.timings },
      outputs: [
        {
          name: 'text',
          datatype: 'BYTES',
          shape: [1],
          data: ['Total 12.50'],
          parameters: { content_type: 'str' },
        },
      ],
    })
  })

  it('answers the example request of the contract with the example response', async () => {
    const body = Buffer.from(exampleRequest.body, 'base64')
    const response = await model().request(infer, post(body, exampleRequest.headers))
    const type = exampleBinary.headers['content-type']
    assert.equal(response.headers.get('content-type'), type)
    const split = (bytes: Buffer, length: string | null) => {
      const head = JSON.parse(String(bytes.subarray(0, Number(length))))
      return { head, tail: bytes.subarray(Number(length)) }
    }
    const { headers } = response
    const given = split(Buffer.from(await response.arrayBuffer()), headers.get(lengthHeader))
    const exampleBody = Buffer.from(exampleBinary.body, 'base64')
    const example = split(exampleBody, exampleBinary.headers[lengthHeader])
    assert.deepEqual(given.tail, example.tail)
    assert.deepEqual({ ...given.head, id: '42' }, example.head)
    assert.match(given.head.id, /^[0-9a-f-]{36}$/)
  })

  it('counts the pages of each file, and reads none, when nothing else is wanted', async () => {
    const seen: OcrRequest[] = []
    const app = model({
      recognize: () => assert.fail('a page was read'),
      countPages: async (request) => seen.push(request) + 6,
    })
    const inputs = [{ name: 'image', datatype: 'BYTES', shape: [2], data: [base64, base64] }]
    const outputs = [{ name: 'page_count' }]
    const parameters = { pages: '2-' }
    const response = await app.request(infer, post(jsonBody({ inputs, outputs, parameters })))
    assert.equal(response.status, 200)
    const answer = (await response.json()) as object
    assert.partialDeepStrictEqual(answer, { parameters: {}, model_name: 'ocr-model' })
    assert.deepEqual('outputs' in answer && answer.outputs, [
      { name: 'page_count', datatype: 'INT32', shape: [2], data: [7, 8] },
    ])
    const request = { image: exampleImage, options: parameters, withPdf: false }
    assert.deepEqual(seen, [request, request])
  })

  it('tells how many pages there are with what was read on them', async () => {
    const document = { ...exampleResult.document, pageCount: 12 }
    const app = model({
      recognize: async () => ({ ...exampleResult, document }),
      countPages: () => assert.fail('the document was opened twice'),
    })
    const outputs = [{ name: 'text' }, { name: 'page_count' }]
    const response = await app.request(infer, post(jsonBody({ outputs })))
    assert.partialDeepStrictEqual(await response.json(), {
      outputs: [
        { name: 'text', data: ['Total 12.50'] },
        { name: 'page_count', datatype: 'INT32', shape: [1], data: [12] },
      ],
    })
  })

  const countingBody = jsonBody({
    outputs: [{ name: 'page_count', parameters: { binary_data: true } }],
  })

  it('writes the number of pages as bytes where they are wanted', async () => {
    const response = await model({ countPages: async () => 258 }).request(infer, post(countingBody))
    const bytes = Buffer.from(await response.arrayBuffer())
    assert.deepEqual([...bytes.subarray(-4)], [2, 1, 0, 0])
  })

  it('answers the error of a file whose pages are to be counted', async () => {
    const error = new OcrError('encrypted_document', 'Encrypted.')
    const app = model({ countPages: () => Promise.reject(error) })
    assert.equal((await app.request(infer, post(countingBody))).status, 422)
  })

  it('takes a body that is nothing but the image, and answers in binary', async () => {
    const seen: Uint8Array[] = []
    const app = model({
      recognize: async ({ image }) => {
        seen.push(image)
        return exampleResult
      },
    })
    const headers = { 'inference-header-content-length': '0' }
    const response = await app.request(infer, post(exampleImage, headers))
    assert.deepEqual(seen.map(Buffer.from), [exampleImage])
    assert.equal(response.headers.get('content-type'), 'application/octet-stream')
    const length = Number(response.headers.get('inference-header-content-length'))
    const body = Buffer.from(await response.arrayBuffer())
    const { outputs } = JSON.parse(String(body.subarray(0, length)))
    assert.equal(outputs[0].parameters.binary_data_size, 4 + 'Total 12.50'.length)
    assert.equal(String(body.subarray(length + 4, length + 15)), 'Total 12.50')
  })

  it('reads the images of a batch and answers in their order', async () => {
    const other = Buffer.from('GIF87a other')
    const app = model({
      recognize: async ({ image }) => {
        const text = Buffer.from(image).toString()
        return { ...exampleResult, document: { ...exampleResult.document, text } }
      },
    })
    const data = [base64, other.toString('base64')]
    for (const shape of [[2], [2, 1]]) {
      const inputs = [{ name: 'image', datatype: 'BYTES', shape, data }]
      const response = await app.request(infer, post(jsonBody({ inputs })))
      const { outputs } = (await response.json()) as { outputs: object[] }
      assert.partialDeepStrictEqual(outputs, [
        { name: 'text', shape: [2], data: [String(exampleImage), String(other)] },
        { name: 'confidence', shape: [2], data: [0.93, 0.93] },
        { name: 'document', shape: [2] },
      ])
    }
  })

  it('takes a compressed body up to the limit of what it inflates to', async () => {
    const body = gzipSync(jsonBody())
    const headers = { 'content-encoding': 'gzip' }
    assert.equal((await model().request(infer, post(body, headers))).status, 200)
    const bomb = gzipSync(Buffer.alloc(1_000_000))
    assert.equal((await model().request(infer, post(bomb, headers))).status, 413)
  })

  it('refuses a request when all places are taken, and has its place again afterwards', async () => {
    const page = Promise.withResolvers<typeof exampleResult>()
    const app = model({ limit: 1, recognize: () => page.promise })
    const first = app.request(infer, post(jsonBody()))
    const second = await app.request(infer, post(jsonBody()))
    assert.equal(second.status, 429)
    assert.equal(second.headers.get('retry-after'), '1')
    page.resolve(exampleResult)
    assert.equal((await first).status, 200)
    assert.equal((await app.request(infer, post(jsonBody()))).status, 200)
  })

  it('tells the pipeline when the client goes away', async () => {
    const controller = new AbortController()
    const app = model({
      recognize: (_request, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
          controller.abort()
        }),
    })
    const response = await app.request(infer, { ...post(jsonBody()), signal: controller.signal })
    assert.equal(response.headers.get('ocr-error-kind'), 'client_gone')
  })

  it('keeps one copy of a binary image of 20 MiB in memory, and no other', async () => {
    const size = 20 * 2 ** 20
    const chunk = new Uint8Array(2 ** 16)
    const parameters = { binary_data_size: 4 + size }
    const input = { name: 'image', datatype: 'BYTES', shape: [1], parameters }
    const head = Buffer.from(JSON.stringify({ inputs: [input] }))
    const length = Buffer.alloc(4)
    length.writeUInt32LE(size)
    // The same memory again and again: what grows is what was copied.
    const body = ReadableStream.from([head, length, ...Array(size / chunk.length).fill(chunk)])
    const before = process.memoryUsage().arrayBuffers
    let grown = 0
    const app = model({
      maxBodyBytes: 21 * 2 ** 20,
      recognize: async ({ image }) => {
        assert.equal(image.length, size)
        grown = process.memoryUsage().arrayBuffers - before
        return exampleResult
      },
    })
    const headers = {
      'inference-header-content-length': String(head.length),
      'content-length': String(head.length + 4 + size),
    }
    const response = await app.request(infer, { method: 'POST', body, headers, duplex: 'half' })
    assert.equal(response.status, 200)
    // What other tests have left may be freed in the meantime.
    assert.ok(grown > 0.8 * size && grown < 1.5 * size, `${grown} bytes`)
  })
})

describe('the statuses of the protocol', () => {
  const failing = (kind: ConstructorParameters<typeof OcrError>[0]) => ({
    recognize: () => Promise.reject(new OcrError(kind, 'Failed.')),
  })
  const versioned = '/v2/models/ocr-model/versions/2/infer'
  const load = '/v2/repository/models/ocr-model/load'

  for (const [problem, status, path, request, change] of [
    ['bad JSON', 400, infer, post('{')],
    ['a bad tensor', 400, infer, post(jsonBody({ inputs: [7] }))],
    [
      'missing data',
      400,
      infer,
      post(jsonBody({ inputs: [{ name: 'image', datatype: 'BYTES', shape: [1] }] })),
    ],
    ['an unknown output', 400, infer, post(jsonBody({ outputs: [{ name: 'x' }] }))],
    [
      'an output asked for twice',
      400,
      infer,
      post(jsonBody({ outputs: [{ name: 'text' }, { name: 'text' }] })),
    ],
    ['an unknown option', 400, infer, post(jsonBody({ parameters: { x: 1 } }))],
    ['psm 99', 400, infer, post(jsonBody({ parameters: { psm: 99 } }))],
    ['thousands of inputs', 400, infer, post(`{"inputs":[${'1,'.repeat(4_000)}1]}`)],
    [
      'a header length beyond the body',
      400,
      infer,
      post('{}', { 'inference-header-content-length': '9' }),
    ],
    ['an unknown model', 404, '/v2/models/other/infer', post(jsonBody())],
    ['an unknown version', 404, versioned, post(jsonBody())],
    ['a body beyond the limit', 413, infer, post('x'.repeat(100_001))],
    ['an unknown compression', 415, infer, post(jsonBody(), { 'content-encoding': 'br' })],
    ['no image', 415, infer, post(jsonBody()), failing('unsupported_media')],
    ['a damaged image', 422, infer, post(jsonBody()), failing('undecodable_image')],
    ['a failure of ours', 500, infer, post(jsonBody()), failing('internal')],
    ['an unsupported feature', 501, load, post('{"parameters":{"x":1}}')],
    ['a model that is not ready', 503, infer, post(jsonBody()), { isReady: false }],
    ['a server that is not ready', 503, '/v2/health/ready', {}, { isReady: false }],
  ] as const) {
    it(`are ${status} for ${problem}, with an error in JSON`, async () => {
      const unread = { recognize: () => assert.fail('the pipeline was called') }
      const response = await model(change ?? unread).request(path, request)
      assert.equal(response.status, status)
      assert.equal(response.headers.get('content-type'), 'application/json')
      const body = (await response.json()) as { error: string }
      assert.deepEqual(Object.keys(body), ['error'])
      assert.equal(typeof body.error, 'string')
    })
  }
})
