import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import exampleRequest from './examples/infer-request.json' with { type: 'json' }
import exampleResponse from './examples/infer-response.json' with { type: 'json' }
import exampleBinary from './examples/infer-response-binary.json' with { type: 'json' }
import { encodeOcrResults, encodePageCounts } from './ocr-outputs.ts'
import {
  decodeOcrBatch,
  decodeOcrResult,
  decodePageCount,
  encodeOcrRequest,
  encodePageCountRequest,
  inputTensor,
  type OcrRequest,
} from './ocr-tensors.ts'
import type { InferRequest } from './v2.ts'
import { encodeInferResponse, inferenceHeaderLength, parseInferRequest } from './v2-rest.ts'

const image = Buffer.from(exampleRequest.image, 'base64')

const requestWith = (
  change: Partial<InferRequest>,
  element: unknown = image.toString('base64'),
): InferRequest => ({
  id: undefined,
  parameters: {},
  inputs: [{ name: 'image', datatype: 'BYTES', shape: [1], parameters: {}, elements: [element] }],
  outputs: undefined,
  ...change,
})

describe('an OCR request', () => {
  it('is encoded as the example says', () => {
    const encoded = encodeOcrRequest({ image, options: exampleRequest.options })
    assert.equal(Buffer.concat(encoded.parts).toString('base64'), exampleRequest.body)
    assert.equal(
      String(encoded.jsonLength),
      exampleRequest.headers['inference-header-content-length'],
    )
    assert.equal(String(encoded.contentLength), exampleRequest.headers['content-length'])
  })

  it('is decoded to what was encoded', () => {
    const { parts, jsonLength } = encodeOcrRequest({ image, options: { psm: 6 } })
    const body = Buffer.concat(parts)
    const decoded = decodeOcrBatch(parseInferRequest(body, String(jsonLength), inputTensor))
    assert.deepEqual(decoded.options, { psm: 6 })
    assert.deepEqual(decoded.images.map(Buffer.from), [image])
  })

  const outputsOf = ({ parts, jsonLength }: ReturnType<typeof encodeOcrRequest>) =>
    parseInferRequest(Buffer.concat(parts), String(jsonLength), inputTensor).outputs

  it('asks for the document, and for the PDF where that is wanted, as bytes', () => {
    const asBytes = { parameters: { binary_data: true } }
    const request: OcrRequest = { image, options: {} }
    const document = { name: 'document', ...asBytes }
    assert.deepEqual(outputsOf(encodeOcrRequest(request)), [document])
    const both = outputsOf(encodeOcrRequest({ ...request, withPdf: true }))
    assert.deepEqual(both, [document, { name: 'pdf', ...asBytes }])
  })

  it('asks for the number of pages and nothing else', () => {
    const encoded = encodePageCountRequest({ image, options: { pages: '2-' }, withPdf: true })
    assert.deepEqual(outputsOf(encoded), [{ name: 'page_count', parameters: {} }])
    const body = Buffer.concat(encoded.parts)
    const request = parseInferRequest(body, String(encoded.jsonLength), inputTensor)
    assert.deepEqual(decodeOcrBatch(request), { images: [image], options: { pages: '2-' } })
  })

  it('tolerates the parameters that clients reserve for other servers', () => {
    const parameters = { binary_data_output: true, priority: 1, timeout: 5, triton_x: 'y', psm: 6 }
    assert.deepEqual(decodeOcrBatch(requestWith({ parameters })).options, { psm: 6 })
  })

  it('refuses an unknown parameter', () => {
    const request = requestWith({ parameters: { tessdata_dir: '/tmp' } })
    assert.throws(() => decodeOcrBatch(request), { message: /The options are/ })
  })

  for (const [problem, change] of Object.entries({
    'a second input': { inputs: [...requestWith({}).inputs, ...requestWith({}).inputs] },
    'another input': { inputs: [{ ...requestWith({}).inputs[0], name: 'picture' }] },
  })) {
    it(`refuses ${problem}`, () => {
      const request = requestWith(change as Partial<InferRequest>)
      assert.throws(() => decodeOcrBatch(request), { kind: 'invalid_request' })
    })
  }
})

const json = (value: unknown) => Buffer.from(JSON.stringify(value))
const answer = { modelName: 'ocr-model', modelVersion: '1', id: '42' }
const badUpstream = { name: 'OcrError', kind: 'bad_upstream' }

describe('an OCR result', () => {
  const result = decodeOcrResult(json(exampleResponse), undefined)
  const exampleBody = Buffer.from(exampleBinary.body, 'base64')
  const exampleLength = exampleBinary.headers[inferenceHeaderLength]

  it('is the same from the binary example as from the one in JSON', () => {
    assert.deepEqual(decodeOcrResult(exampleBody, exampleLength), result)
    assert.equal(result.document.text, 'Total 12.50')
    assert.equal(result.pdf, undefined)
  })

  it('has the PDF that came with it, without copying', () => {
    const pdf = Buffer.from('%PDF-1.7 \xff')
    const encoded = encodeOcrResults([{ ...result, pdf }], ['document', 'pdf'], answer)
    const { body, headerLength } = encodeInferResponse(encoded, () => true)
    const decoded = decodeOcrResult(body, String(headerLength), { withPdf: true })
    assert.deepEqual(decoded.document, result.document)
    assert.deepEqual(Buffer.from(decoded.pdf ?? []), pdf)
    assert.equal(decoded.pdf?.buffer, body.buffer)
  })

  it('without the PDF that was asked for is a bad upstream', () => {
    const [output] = exampleResponse.outputs
    const text = { ...output, name: 'pdf', data: ['JVBERg=='] }
    const inText = json({ ...exampleResponse, outputs: [output, text] })
    const empty = encodeOcrResults([result], ['document', 'pdf'], answer)
    const { body, headerLength } = encodeInferResponse(empty, () => true)
    for (const [bytes, length] of [
      [exampleBody, exampleLength],
      [inText, undefined],
      [body, String(headerLength)],
    ] as const) {
      assert.throws(() => decodeOcrResult(bytes, length, { withPdf: true }), badUpstream)
    }
  })

  const [output] = exampleResponse.outputs
  const withOutputs = (...outputs: unknown[]) => json({ ...exampleResponse, outputs })
  for (const [problem, body, headerLength] of [
    ['no JSON', Buffer.from('x')],
    ['no response', json('x')],
    ['no document', withOutputs()],
    ['no element', withOutputs({ ...output, shape: [0], data: [] })],
    ['a document that is none', withOutputs({ ...output, data: ['{"text":1}'] })],
    ['no timings', json({ ...exampleResponse, parameters: {} })],
    ['a length of JSON that is none', exampleBody, 'ten'],
    ['a length of JSON beyond the body', exampleBody, String(exampleBody.length + 1)],
    ['another length of JSON', exampleBody, String(Number(exampleLength) - 1)],
    ['fewer bytes than it tells', exampleBody.subarray(0, -1), exampleLength],
    ['more bytes than it tells', Buffer.concat([exampleBody, Buffer.alloc(1)]), exampleLength],
    [
      'a document that is no UTF-8',
      Buffer.from(exampleBody).fill(0xff, exampleBody.length - 2),
      exampleLength,
    ],
  ] as const) {
    it(`with ${problem} is a bad upstream`, () => {
      assert.throws(() => decodeOcrResult(body, headerLength), badUpstream)
    })
  }
})

describe('a number of pages', () => {
  it('is decoded to what was encoded', () => {
    const { body } = encodeInferResponse(encodePageCounts([7], answer), () => false)
    assert.equal(decodePageCount(body, undefined), 7)
  })

  const output = { name: 'page_count', datatype: 'INT32', shape: [1] }
  for (const [problem, body] of Object.entries({
    'no JSON': Buffer.from(''),
    'no outputs': json({ outputs: [] }),
    'another output': json({ outputs: [{ ...output, name: 'text', data: [1] }] }),
    'no page': json({ outputs: [{ ...output, data: [0] }] }),
    'more pages than may be asked for': json({ outputs: [{ ...output, data: [2 ** 31 - 1] }] }),
    'half a page': json({ outputs: [{ ...output, data: [1.5] }] }),
    'a text': json({ outputs: [{ ...output, data: ['1'] }] }),
  })) {
    it(`with ${problem} is a bad upstream`, () => {
      assert.throws(() => decodePageCount(body, undefined), badUpstream)
    })
  }
})
