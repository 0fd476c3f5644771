import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createApp } from '../app.ts'
import { exampleImage, exampleResult, protocolOptions } from '../fixtures/protocol.ts'

/** What inference clients are known to send and to expect, and servers are known to stumble over. */

const path = '/v2/models/ocr-model/infer'
const base64 = exampleImage.toString('base64')
const seen: Buffer[] = []
const app = createApp(
  protocolOptions({
    async recognize({ image }) {
      seen.push(Buffer.from(image))
      return exampleResult
    },
  }),
)

interface Output {
  name: string
  datatype: string
  shape: number[]
  data?: unknown[]
  parameters?: Record<string, unknown>
}

interface Answer {
  response: Response
  json: { id: string; model_name: string; outputs: Output[]; error?: string }
  /** What follows the JSON. */
  binary: Buffer
}

async function infer(
  change: object = {},
  { headers = {}, tail = Buffer.alloc(0), at = path } = {},
): Promise<Answer> {
  seen.length = 0
  const inputs = [{ name: 'image', datatype: 'BYTES', shape: [1], data: [base64] }]
  const json = Buffer.from(JSON.stringify({ inputs, ...change }))
  // A body of bytes, for which fetch sets no content type.
  const response = await app.request(at, {
    method: 'POST',
    body: Buffer.concat([json, tail]),
    headers: {
      ...(tail.length > 0 && { 'inference-header-content-length': String(json.length) }),
      ...headers,
    },
  })
  const body = Buffer.from(await response.arrayBuffer())
  const length = Number(response.headers.get('inference-header-content-length') ?? body.length)
  return {
    response,
    json: JSON.parse(String(body.subarray(0, length))),
    binary: body.subarray(length),
  }
}

async function succeeds(...args: Parameters<typeof infer>): Promise<Answer> {
  const answer = await infer(...args)
  assert.equal(answer.response.status, 200, answer.json.error)
  assert.deepEqual(seen, [exampleImage])
  return answer
}

const input = (change: object) => ({
  inputs: [{ name: 'image', datatype: 'BYTES', shape: [1], ...change }],
})
const element = Buffer.concat([Buffer.from([exampleImage.length, 0, 0, 0]), exampleImage])
const binaryInput = (change: object = {}) =>
  input({ parameters: { binary_data_size: element.length }, ...change })

describe("tritonclient's habits", () => {
  it('no Content-Type', async () => {
    await succeeds()
  })

  it('a Content-Type that means nothing', async () => {
    await succeeds({}, { headers: { 'content-type': 'application/x-www-form-urlencoded' } })
  })

  it('binary_data_output for all outputs, when it names none', async () => {
    const { json, binary } = await succeeds({ parameters: { binary_data_output: true } })
    const sizes = json.outputs.map(({ parameters }) => Number(parameters?.['binary_data_size']))
    assert.equal(sizes.length, 7)
    assert.equal(
      binary.length,
      sizes.reduce((sum, size) => sum + size, 0),
    )
  })

  it('binary_data for an output that it names', async () => {
    const outputs = [{ name: 'text', parameters: { binary_data: true } }, { name: 'confidence' }]
    const { json, binary } = await succeeds({ outputs })
    const [text, confidence] = json.outputs
    assert.deepEqual(text?.parameters, { content_type: 'str', binary_data_size: binary.length })
    assert.deepEqual(confidence?.data, [0.93])
  })

  it('no header for the length of JSON when JSON is all there is', async () => {
    const { response } = await succeeds()
    assert.equal(response.headers.get('inference-header-content-length'), null)
  })

  it('parameters that it reserves for other features', async () => {
    await succeeds({
      parameters: {
        sequence_id: 7,
        sequence_start: true,
        sequence_end: false,
        priority: 1,
        timeout: 5_000_000,
        triton_enable_empty_final_response: true,
      },
    })
  })

  it('a model name that is percent-encoded', async () => {
    await succeeds({}, { at: '/v2/models/ocr%2Dmodel/infer' })
  })

  it('as many elements as the shape makes, in flat data', async () => {
    const { json } = await succeeds()
    for (const { shape, data } of json.outputs) assert.equal(data?.length, shape[0])
  })

  it('lengths of BYTES elements in little-endian', async () => {
    await succeeds(binaryInput(), { tail: element })
  })
})

describe("kserve's habits", () => {
  it('model_name in the body', async () => {
    await succeeds({ model_name: 'ocr-model', model_version: null })
  })

  it('application/octet-stream for JSON with tensors', async () => {
    await succeeds(binaryInput(), {
      tail: element,
      headers: { 'content-type': 'application/octet-stream' },
    })
  })

  it('an id in every answer, the one it gave or a new one', async () => {
    assert.equal((await succeeds({ id: '7' })).json.id, '7')
    assert.match((await succeeds()).json.id, /^[0-9a-f-]{36}$/)
  })

  it('name, datatype, shape and data in every output', async () => {
    const { json } = await succeeds()
    assert.equal(json.model_name, 'ocr-model')
    for (const output of json.outputs) {
      for (const key of ['name', 'datatype', 'shape', 'data']) assert.ok(key in output, key)
    }
  })

  it('binary BYTES outputs that are UTF-8', async () => {
    const { binary } = await succeeds({ parameters: { binary_data_output: true } })
    const length = binary.readUInt32LE(0)
    const text = binary.subarray(4, 4 + length)
    assert.equal(new TextDecoder('utf-8', { fatal: true }).decode(text), 'Total 12.50')
  })

  it('a message only where the content type of an error is exactly application/json', async () => {
    const { response, json } = await infer({ inputs: [] })
    assert.equal(response.headers.get('content-type'), 'application/json')
    assert.equal(typeof json.error, 'string')
  })
})

describe("MLServer's habits", () => {
  it('Base64Codec: shape [N, 1] and content_type base64', async () => {
    const parameters = { content_type: 'base64' }
    await succeeds(input({ shape: [1, 1], parameters, data: [base64] }))
  })

  it('Base64Codec with nested data', async () => {
    const parameters = { content_type: 'base64' }
    await succeeds(input({ shape: [1, 1], parameters, data: [[base64]] }))
  })

  it('StringCodec: shape [N, 1] and content_type str', async () => {
    const parameters = { content_type: 'str' }
    await succeeds(input({ shape: [1, 1], parameters, data: [base64] }))
  })

  it('content_type for the whole request', async () => {
    await succeeds({ parameters: { content_type: 'str' } })
  })

  it('null for whatever it does not say', async () => {
    const nothing = { id: null, parameters: null, outputs: null }
    await succeeds({ ...nothing, ...input({ data: [base64], parameters: null }) })
    const tail = element
    const parameters = { binary_data_size: tail.length }
    await succeeds({ ...nothing, ...input({ data: null, parameters }) }, { tail })
  })

  it('content_type str on the outputs that are text', async () => {
    const { json } = await succeeds()
    const types = json.outputs.map(({ parameters }) => parameters?.['content_type'])
    assert.deepEqual(types, ['str', undefined, 'str', 'str', 'str', 'str', undefined])
  })
})

describe('the habits of people with curl', () => {
  it('base64 in a string', async () => {
    await succeeds(input({ data: [base64] }))
  })

  it('an object with b64, as for TensorFlow Serving', async () => {
    await succeeds(input({ data: [{ b64: base64 }] }))
  })

  it('the bytes of the image as characters', async () => {
    await succeeds(input({ data: [exampleImage.toString('latin1')] }))
  })

  it('a list of the bytes', async () => {
    const data = [...exampleImage]
    await succeeds(input({ datatype: 'UINT8', shape: [data.length], data }))
  })
})

describe('the order in which an element is decoded', () => {
  it('raw bytes come first, even if they could be base64', async () => {
    const raw = Buffer.from([base64.length, 0, 0, 0])
    const tail = Buffer.concat([raw, Buffer.from(base64)])
    const { response } = await infer(
      binaryInput({ parameters: { binary_data_size: tail.length } }),
      {
        tail,
      },
    )
    assert.equal(response.status, 200)
    assert.deepEqual(seen, [Buffer.from(base64)])
  })

  it('content_type base64 comes before guessing', async () => {
    const text = Buffer.from('no image').toString('base64')
    const parameters = { content_type: 'base64' }
    await infer(input({ parameters, data: [text] }))
    assert.deepEqual(seen, [Buffer.from('no image')])
  })

  it('base64 of an image comes before its characters', async () => {
    const twice = Buffer.from(base64).toString('base64')
    const { response, json } = await infer(input({ data: [twice] }))
    assert.equal(response.status, 400)
    assert.match(String(json.error), /base64 text, or as raw bytes/)
  })
})
