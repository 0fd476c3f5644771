import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { elementsToImages, imagesOf } from './image-elements.ts'
import type { InferTensor } from './v2.ts'

const image = Buffer.from('GIF89a example')
const base64 = image.toString('base64')
const refused = { name: 'OcrError', kind: 'invalid_request' }

const tensor = (change: Partial<InferTensor>): InferTensor => ({
  name: 'image',
  datatype: 'BYTES',
  shape: [1],
  parameters: {},
  elements: [base64],
  ...change,
})
const imagesIn = (change: Partial<InferTensor>) => imagesOf(tensor(change)).map(Buffer.from)

describe('imagesOf', () => {
  const isBase64 = { parameters: { content_type: 'base64' } }

  for (const [how, change] of Object.entries({
    'raw bytes': { elements: [image] },
    'base64 by its content type': { ...isBase64, elements: [base64] },
    'base64 by its content type, in a raw tensor': { ...isBase64, elements: [Buffer.from(base64)] },
    'an object with b64': { elements: [{ b64: base64 }] },
    'an object with an image with b64': { elements: [{ image: { b64: base64 } }] },
    'a base64 string': { elements: [base64] },
    'base64 in lines': { elements: [`${base64.slice(0, 8)}\r\n${base64.slice(8)}\n`] },
    'base64 without padding': { elements: [base64.replaceAll('=', '')] },
    'the bytes as characters': { elements: [image.toString('latin1')] },
    'UINT8 as raw bytes': { datatype: 'UINT8', shape: [image.length], elements: image },
    'UINT8 as numbers': { datatype: 'UINT8', shape: [image.length], elements: [...image] },
    'UINT8 in a batch of one': { datatype: 'UINT8', shape: [1, image.length], elements: image },
  } satisfies Record<string, Partial<InferTensor>>)) {
    it(`takes ${how}`, () => assert.deepEqual(imagesIn(change), [image]))
  }

  for (const shape of [[2], [2, 1]]) {
    it(`takes a batch of shape [${shape}]`, () => {
      const other = Buffer.from('GIF87a')
      assert.deepEqual(imagesIn({ shape, elements: [image, other] }), [image, other])
    })
  }

  for (const [head, signature] of Object.entries({
    png: '\x89PNG\r\n\x1a\n',
    jpeg: '\xff\xd8\xff',
    webp: 'RIFF1234WEBP',
    tiff: 'II*\0',
    'big-endian tiff': 'MM\0*',
    bigtiff: 'II+\0',
  })) {
    it(`knows ${head} in a string`, () => {
      const bytes = Buffer.from(`${signature}rest`, 'latin1')
      assert.deepEqual(imagesIn({ elements: [bytes.toString('base64')] }), [bytes])
    })
  }

  it('does not copy raw bytes', () => {
    assert.equal(imagesOf(tensor({ elements: [image] }))[0], image)
    const uint8 = tensor({ datatype: 'UINT8', shape: [image.length], elements: image })
    assert.equal(imagesOf(uint8)[0], image)
  })

  it('refuses text that is no image, and names the encodings there are', () => {
    for (const text of ['Dear Sir or Madam', 'aGk=', '', 'RIFF1234WAVE', '€€€€']) {
      const imagesOfText = () => imagesIn({ elements: [text] })
      assert.throws(imagesOfText, { ...refused, message: /base64 text, or as raw bytes/ })
    }
  })

  it('takes base64 of a PDF with bytes before its header', () => {
    const bytes = Buffer.from('\n\n%PDF-1.4\n')
    assert.deepEqual(imagesIn({ elements: [bytes.toString('base64')] }), [bytes])
  })

  for (const text of ['not base64!', 'a', 'a b=', '€€€€', 'aGk=aGk=']) {
    it(`refuses "${text}" as base64`, () => {
      const elements = [text]
      assert.throws(() => imagesIn({ ...isBase64, elements }), refused)
      assert.throws(() => imagesIn({ elements: [{ b64: text }] }), refused)
    })
  }

  for (const [problem, change] of Object.entries({
    'a number': { elements: [7] },
    null: { elements: [null] },
    'a list': { elements: [[base64]] },
    'an object without an image': { elements: [{ url: 'http://host/' }] },
    'another datatype': { datatype: 'FP32' },
    'a shape of no dimension': { shape: [] },
    'a shape of two images side by side': { shape: [1, 2], elements: [base64, base64] },
    'no image': { shape: [0], elements: [] },
    'UINT8 pixels': { datatype: 'UINT8', shape: [2, 7], elements: image },
    'a byte of 256': { datatype: 'UINT8', shape: [2], elements: [1, 256] },
    'half a byte': { datatype: 'UINT8', shape: [2], elements: [1, 0.5] },
    'text for a byte': { datatype: 'UINT8', shape: [1], elements: ['7'] },
  } satisfies Record<string, Partial<InferTensor>>)) {
    it(`refuses ${problem}`, () => assert.throws(() => imagesIn(change), refused))
  }
})

describe('elementsToImages', () => {
  it('names the index of the bad element of several', () => {
    const message = /^At index 1 of the batch: This is no image/
    assert.throws(() => elementsToImages([base64, 7, base64]), { ...refused, message })
    assert.throws(() => elementsToImages([7]), { message: /^This is no image/ })
  })
})
